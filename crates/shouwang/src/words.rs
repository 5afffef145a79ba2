//! Printing on standard output, and the sentences of refusals on standard error.

use std::io::{self, Write};

use std::path::Path;

use kernel::error::{Error, Refusal};
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
            let mut lines = vec![said];
            for (field, code) in &refusal.fields {
                let wrong = web::word_of(web::L(lang), "refusal", code, &[]);
                lines.push(format!("  {field}: {wrong}"));
            }
            lines.extend(advice);
            lines.join("\n")
        }
        Error::Fault(fault) => fault.to_string(),
    }
}

/// What is wrong with the command line itself; such refusals end with exit code 2.
pub fn is_wrong_line(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.code.starts_with("cli.option_"))
}

/// The refusal of an option whose value cannot be meant.
pub fn wrong_option(code: &'static str, value: impl std::fmt::Display) -> anyhow::Error {
    Error::from(Refusal::invalid(code).arg("value", value)).into()
}

/// Turns the failure of a file into a sentence about it.
pub trait OrSay<T> {
    /// `fs::read(&path).or_say("cli.cannot_read", &path)?`
    fn or_say(self, code: &'static str, file: &Path) -> anyhow::Result<T>;
}

impl<T> OrSay<T> for io::Result<T> {
    fn or_say(self, code: &'static str, file: &Path) -> anyhow::Result<T> {
        self.map_err(|why| {
            if matches!(why.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
                return Error::from(why).into();
            }
            let kind = match why.kind() {
                io::ErrorKind::NotFound => "not_found",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "denied",
                io::ErrorKind::IsADirectory => "folder",
                io::ErrorKind::NotADirectory => "no_folder",
                _ => "other",
            };
            let refusal = Refusal::unavailable(code).arg("file", file.display());
            Error::from(refusal.arg("why", kind).arg("detail", why)).into()
        })
    }
}

/// Writes a sentence to standard error.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
