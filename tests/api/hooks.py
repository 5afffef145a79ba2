"""Loaded by schemathesis before it begins.

CPython before 3.11.8 and 3.12.2 counts the depth of the syntax tree it builds once for the whole process, so two workers
that parse at the same moment meet `SystemError: AST constructor recursion depth mismatch` (python/cpython#106905). Parsing
again gives the tree; anything else that goes wrong is passed on.
"""

import ast

TRIES = 20
parse_once = ast.parse


def parse(*args, **kwargs):
    for _ in range(TRIES):
        try:
            return parse_once(*args, **kwargs)
        except SystemError as error:
            if "recursion depth mismatch" not in str(error):
                raise
    return parse_once(*args, **kwargs)


ast.parse = parse
