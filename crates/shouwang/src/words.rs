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

/// Writes labels and values, the values under each other.
pub fn say_pairs(pairs: &[(String, String)]) {
    let most = pairs.iter().map(|(label, _)| columns_of(label)).max().unwrap_or(0);
    for (label, value) in pairs {
        say(format!("{label}{}  {value}", " ".repeat(most - columns_of(label))));
    }
}

/// Writes a table of numbers, each row with its name at the end.
pub fn say_numbers<const N: usize>(heads: &[String; N], name: &str, rows: &[([i64; N], String)]) {
    let texts =
        |(numbers, name): &([i64; N], String)| (numbers.map(|n| n.to_string()), name.clone());
    say_table(heads, name, &rows.iter().map(texts).collect::<Vec<_>>());
}

/// Writes a table of short texts under their heads, right-aligned, each row with its name at the end.
pub fn say_table<const N: usize>(heads: &[String; N], name: &str, rows: &[([String; N], String)]) {
    let most = |at: usize, head: &String| {
        let numbers = rows.iter().filter_map(|(row, _)| row.get(at)).map(|text| columns_of(text));
        numbers.chain([columns_of(head)]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = heads.iter().enumerate().map(|(at, head)| most(at, head)).collect();
    let right = |text: &str, width: usize| {
        format!("{}{text}  ", " ".repeat(width.saturating_sub(columns_of(text))))
    };
    let line = |cells: Vec<String>, name: &str| {
        let cells: String =
            cells.iter().zip(&widths).map(|(cell, width)| right(cell, *width)).collect();
        say(format!("{cells}{name}"));
    };
    line(heads.to_vec(), name);
    for (cells, name) in rows {
        line(cells.to_vec(), name);
    }
}

/// Columns that a text takes on a terminal: Chinese characters and full-width signs take two.
fn columns_of(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns_of_a_terminal() {
        assert_eq!(columns_of("rows"), 4);
        assert_eq!(columns_of("数据行"), 6);
        assert_eq!(columns_of("（A）"), 5);
    }
}
