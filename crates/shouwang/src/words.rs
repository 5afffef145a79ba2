//! Printing on standard output, and the sentences of refusals on standard error.

use std::io::{self, Write};

use kernel::error::Error;
use kernel::lang::Lang;
use serde_json::Value;

/// Writes lines to standard output; a closed pipe ends the output, not the program.
pub fn say(line: impl AsRef<str>) {
    let _ = writeln!(io::stdout().lock(), "{}", line.as_ref());
}

/// Writes a JSON value to standard output.
pub fn say_json(value: &Value) {
    say(serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string()));
}

/// The sentence and the advice of a refusal, or the plain text of a fault.
pub fn sentence(error: &Error, lang: Lang) -> String {
    match error {
        Error::Refusal(refusal) => {
            let (said, advice) = web::words_of_refusal(web::L(lang), refusal);
            match advice {
                Some(advice) => format!("{said}\n{advice}"),
                None => said,
            }
        }
        Error::Fault(fault) => fault.to_string(),
    }
}

/// Writes a sentence to standard error.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
