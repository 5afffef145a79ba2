#!/usr/bin/env python3
"""Scores what Shouwang made of a set of department files against the truth that comes with the set.

    score.py rows  TRUTH_FOLDER ROWS_OUT.csv [--bar 97|99] [--show 20]
    score.py leads TRUTH_FOLDER LEADS.csv    [--exact] [--show 20]

ROWS_OUT.csv is what `shouwang import ... --rows-out` writes:
file,sheet,row,outcome,person_id,household_id,event_date,amount_yuan,repeats,reason.
LEADS.csv is what `shouwang screen --out` writes; its columns rule_id,household_id,certainty are read.

TRUTH_FOLDER holds rows.csv, household_facts.csv and expected_leads.csv. A folder called truth_sample tells the truth
about the households in its household_facts.csv only: whatever is given to one of them and is not listed is wrong.

Exit code 0: every bar is reached; 1: some are not; 2: the files cannot be scored. Python's standard library only.
"""
import argparse
import collections
import csv
import os
import sys

GIVEN = ("taken", "duplicate")
OUTCOMES = GIVEN + ("asked", "not_here", "rejected", "not_data")
HALF_A_CENT = 0.005


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def place(record):
    """Where a row stands; the folder of the file does not matter."""
    return os.path.basename(record["file"]), record["sheet"], int(record["row"])


def place_named(text):
    """The same from `file|sheet|row`."""
    file, sheet, row = text.split("|")
    return os.path.basename(file), sheet, int(row)


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def share(part, whole):
    return 100.0 if whole == 0 else 100.0 * part / whole


class Table:
    """The lines of the acceptance table; remembers whether a bar was missed."""

    def __init__(self):
        self.missed = False

    def line(self, what, figure, bar, reached):
        mark = "" if reached is None else ("ok" if reached else "MISSED")
        self.missed |= reached is False
        print(f"{what:<58} {figure:>22}  {bar:<10} {mark}")


def show(title, lines, limit):
    if lines:
        print(f"\n{title}: {len(lines)}")
        for line in lines[:limit]:
            print("  " + line)


def check_rows(args):
    truth = {place(r): r for r in read(os.path.join(args.truth, "rows.csv"))}
    sample = os.path.basename(os.path.normpath(args.truth)) == "truth_sample"
    households = {r["household_id"] for r in read(os.path.join(args.truth, "household_facts.csv"))}
    ours = {}
    twice, unheard = [], []
    for row in read(args.ours):
        where = place(row)
        if where in ours:
            twice.append(f"{where}")
        if row["outcome"] not in OUTCOMES:
            unheard.append(f"{where}: {row['outcome']}")
        ours[where] = row

    def told(where, extra=""):
        mine = ours.get(where, {})
        return f"{'|'.join(map(str, where))}: {mine.get('outcome', 'no line')} " \
               f"{mine.get('person_id', '')} {mine.get('household_id', '')} {mine.get('reason', '')} {extra}".rstrip()

    missing, wrong, not_given, other_person, not_asked, asked = [], [], [], [], [], []
    right = 0
    amounts, dates, repeats, false_repeats = [0, []], [0, []], [0, []], []
    count = collections.Counter()
    for where, t in truth.items():
        mine = ours.get(where)
        count[t["match"]] += 1
        if mine is None or mine["outcome"] == "not_data":
            missing.append(told(where))
            continue
        given = mine["outcome"] in GIVEN
        village = t["person_state"] == "village"
        if t["match"] == "unique":
            theirs = given and (village or mine["household_id"] == t["household_id"])
            right += theirs
            if given and not theirs:
                wrong.append(told(where, f"is {t['person_id']} {t['household_id']}"))
            elif not given:
                not_given.append(told(where, f"is {t['person_id']}"))
            elif mine["person_id"] not in ("", t["person_id"]):
                other_person.append(told(where, f"is {t['person_id']}"))
        elif given:
            wrong.append(told(where, f"is {t['match']}"))
        if t["match"] == "ambiguous" and mine["outcome"] != "asked":
            not_asked.append(told(where))
        if t["match"] != "ambiguous" and mine["outcome"] == "asked":
            asked.append(told(where))
        if t["amount_yuan"] != "":
            amounts[0] += 1
            got = number(mine["amount_yuan"])
            if got is None or abs(got - float(t["amount_yuan"])) >= HALF_A_CENT:
                amounts[1].append(told(where, f"{mine['amount_yuan']!r} is {t['amount_yuan']}"))
        if t["event_date"] != "":
            dates[0] += 1
            if mine["event_date"] != t["event_date"]:
                dates[1].append(told(where, f"{mine['event_date']!r} is {t['event_date']}"))
        if t["match"] == "unique" and t["duplicate_of"]:
            repeats[0] += 1
            named = mine["repeats"] and place_named(mine["repeats"]) == place_named(t["duplicate_of"])
            if mine["outcome"] != "duplicate" or not named:
                repeats[1].append(told(where, f"{mine['repeats']!r} is {t['duplicate_of']}"))
        elif mine["outcome"] == "duplicate":
            false_repeats.append(told(where, f"repeats {mine['repeats']}"))
    invented = []
    for where, mine in ours.items():
        if where in truth or mine["outcome"] == "not_data":
            continue
        if not sample:
            invented.append(told(where))
        elif mine["outcome"] in GIVEN and mine["household_id"] in households:
            wrong.append(told(where, "is not of this township"))

    others = count["unique"] + count["none"]
    table = Table()
    total = len(truth)
    table.line("data rows with exactly one outcome", f"{total - len(missing)}/{total}", "all",
               not missing and not twice and not unheard)
    table.line("lines that are no data but were taken for it", str(len(invented)), "0", not invented)
    percent = share(right, count["unique"])
    table.line("unique: given to the right household without asking", f"{right}/{count['unique']} {percent:.2f} %",
               f">= {args.bar} %", percent >= args.bar)
    table.line("  of these to another member of the household", str(len(other_person)), "", None)
    table.line("ambiguous: asked", f"{count['ambiguous'] - len(not_asked)}/{count['ambiguous']}", "all", not not_asked)
    percent = share(len(asked), others)
    table.line("others: asked", f"{len(asked)}/{others} {percent:.2f} %", "<= 1 %", percent <= 1.0)
    table.line("silent wrong matches", str(len(wrong)), "0", not wrong)
    for what, (whole, bad) in (("amounts", amounts), ("dates", dates), ("duplicates named with the row they repeat", repeats)):
        table.line(what, f"{whole - len(bad)}/{whole}", "all", not bad)
    table.line("duplicates that are none", str(len(false_repeats)), "0", not false_repeats)
    outcomes = collections.Counter(r["outcome"] for r in ours.values())
    print("\noutcomes: " + ", ".join(f"{k} {v}" for k, v in outcomes.most_common()))
    for title, lines in (("without an outcome", missing), ("twice in the file", twice), ("unknown outcome", unheard),
                         ("taken for data", invented), ("not given", not_given), ("another member", other_person),
                         ("ambiguous and not asked", not_asked), ("asked without need", asked), ("silent wrong", wrong),
                         ("amounts", amounts[1]), ("dates", dates[1]), ("duplicates", repeats[1]),
                         ("false duplicates", false_repeats)):
        show(title, lines, args.show)
    return 1 if table.missed else 0


def check_leads(args):
    households = {r["household_id"] for r in read(os.path.join(args.truth, "household_facts.csv"))}
    expected = {(r["rule_id"], r["household_id"]): r["certainty"]
                for r in read(os.path.join(args.truth, "expected_leads.csv"))}
    sure = {hit for hit, certainty in expected.items() if certainty == "sure"}
    either = set(expected) - sure
    rules = {rule for rule, _ in expected}
    ours = {(r["rule_id"], r["household_id"]) for r in read(args.ours)
            if r["household_id"] in households and r["rule_id"] in rules and r.get("certainty", "sure") == "sure"}
    found = ours & sure
    extra, lost = ours - sure - either, sure - ours
    print(f"{'rule':<8}{'expected':>9}{'found':>9}{'extra':>9}{'lost':>9}")
    for rule in sorted(rules):
        def of(hits):
            return sum(r == rule for r, _ in hits)
        print(f"{rule:<8}{of(sure):>9}{of(found):>9}{of(extra):>9}{of(lost):>9}")
    table = Table()
    bar = 100.0 if args.exact else 98.0
    precision, recall = share(len(found), len(found) + len(extra)), share(len(found), len(sure))
    table.line("precision", f"{precision:.2f} %", f">= {bar:g} %", precision >= bar)
    table.line("recall", f"{recall:.2f} %", f">= {bar:g} %", recall >= bar)
    show("extra", sorted(f"{rule} {household}" for rule, household in extra), args.show)
    show("lost", sorted(f"{rule} {household}" for rule, household in lost), args.show)
    return 1 if table.missed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("rows", "leads"))
    parser.add_argument("truth", help="folder with rows.csv, household_facts.csv, expected_leads.csv")
    parser.add_argument("ours", help="file written by shouwang")
    parser.add_argument("--bar", type=float, default=97.0, help="percent of unique rows given without asking: 99 for "
                                                                "the light set, 97 for the heavy one (default)")
    parser.add_argument("--exact", action="store_true", help="leads must agree exactly")
    parser.add_argument("--show", type=int, default=20, help="so many examples of each fault")
    args = parser.parse_args()
    try:
        return check_rows(args) if args.what == "rows" else check_leads(args)
    except (OSError, KeyError, ValueError) as fault:
        print(f"cannot score: {fault!r}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
