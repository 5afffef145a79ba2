//! What goes wrong, in two kinds.
//!
//! **Which error belongs where.** A [`Refusal`] is for the person at the screen: the request was
//! understood and the answer is no, with a reason and something to do next. A field is wrong, the
//! household is outside one's area, somebody else was faster, the disk is full, the other database
//! engine is away for a minute. It carries a *code*, never a sentence: the sentence stands in the
//! locale files under [`Refusal::message_id`]. Rooms have small enums in their own words and turn
//! them into a refusal with `From`. A [`Fault`] is ours: a statement that does not prepare, a row
//! that cannot be read back, a file that the program itself wrote and cannot read. The person sees
//! only a reference number; the text goes to the log once, at the edge, so it must hold no personal
//! data. Cells of an imported file that are wrong are neither: they are
//! [`crate::finding::Finding`]s, and the import goes on.

use std::fmt;

use crate::text::BadText;

/// Result with the [`Error`] of this program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything that ends an action early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The answer is no, and the person may read why.
    #[error("{0}")]
    Refusal(Refusal),
    /// The program failed; logged once, shown as a reference number.
    #[error("{0}")]
    Fault(Fault),
}

impl Error {
    /// A fault with this message; no personal data in it.
    pub fn fault(message: impl Into<String>) -> Self {
        Error::Fault(Fault::new(message))
    }

    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Error::Refusal(refusal) => Some(refusal),
            Error::Fault(_) => None,
        }
    }

    /// The code of the refusal; `None` for a fault.
    pub fn code(&self) -> Option<&'static str> {
        self.refusal().map(|refusal| refusal.code)
    }
}

/// The six ways of saying no; each has one HTTP status and one tone on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The request itself is wrong and can be mended by the one who made it.
    Invalid,
    /// It does not exist, or lies outside what the person may see: the two look the same.
    NotFound,
    /// The person may see it but not do this.
    Forbidden,
    /// The state has changed, or never allowed it.
    Conflict,
    /// Too often or too much: sign-in attempts, file size, rows.
    TooMany,
    /// Cannot be done at the moment: disk full, database locked or away. Try again later.
    Unavailable,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [RefusalKind; 6] = [
        RefusalKind::Invalid,
        RefusalKind::NotFound,
        RefusalKind::Forbidden,
        RefusalKind::Conflict,
        RefusalKind::TooMany,
        RefusalKind::Unavailable,
    ];

    /// Text of the kind in JSON and logs: `invalid`, `not_found`, …
    pub const fn text(self) -> &'static str {
        match self {
            RefusalKind::Invalid => "invalid",
            RefusalKind::NotFound => "not_found",
            RefusalKind::Forbidden => "forbidden",
            RefusalKind::Conflict => "conflict",
            RefusalKind::TooMany => "too_many",
            RefusalKind::Unavailable => "unavailable",
        }
    }

    /// HTTP status of the kind.
    pub const fn http_status(self) -> u16 {
        match self {
            RefusalKind::Invalid => 422,
            RefusalKind::NotFound => 404,
            RefusalKind::Forbidden => 403,
            RefusalKind::Conflict => 409,
            RefusalKind::TooMany => 429,
            RefusalKind::Unavailable => 503,
        }
    }
}

/// A no that the person may read.
///
/// `args` may hold names and numbers of people: they are for the page, so neither `Display` nor
/// `Debug` prints their values.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which way of saying no.
    pub kind: RefusalKind,
    /// `room.reason`, e.g. `visits.already_recorded`.
    pub code: &'static str,
    /// Arguments of the sentence: name in the locale file, text to put there.
    pub args: Vec<(&'static str, String)>,
    /// Fields of the form that are wrong: name of the field, code of its sentence.
    pub fields: Vec<(String, &'static str)>,
}

impl Refusal {
    /// A refusal without arguments or fields.
    pub fn new(kind: RefusalKind, code: &'static str) -> Self {
        Refusal { kind, code, args: Vec::new(), fields: Vec::new() }
    }

    /// The request is wrong.
    pub fn invalid(code: &'static str) -> Self {
        Self::new(RefusalKind::Invalid, code)
    }

    /// Not there, or outside one's scope.
    pub fn not_found(code: &'static str) -> Self {
        Self::new(RefusalKind::NotFound, code)
    }

    /// Visible but not allowed.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(RefusalKind::Forbidden, code)
    }

    /// The state does not allow it.
    pub fn conflict(code: &'static str) -> Self {
        Self::new(RefusalKind::Conflict, code)
    }

    /// Too often or too much.
    pub fn too_many(code: &'static str) -> Self {
        Self::new(RefusalKind::TooMany, code)
    }

    /// Not at the moment.
    pub fn unavailable(code: &'static str) -> Self {
        Self::new(RefusalKind::Unavailable, code)
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds a wrong field of the form and the code of what is wrong with it.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, code: &'static str) -> Self {
        self.fields.push((name.into(), code));
        self
    }

    /// The message in the locale files; its attribute `.advice` says what to do next.
    /// `visits.already_recorded` is `refusal-visits-already_recorded`.
    pub fn message_id(&self) -> String {
        message_id("refusal", self.code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.kind.text(), self.code)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: Vec<&str> = self.args.iter().map(|(name, _)| *name).collect();
        out.debug_struct("Refusal")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("args", &args)
            .field("fields", &self.fields)
            .finish()
    }
}

impl std::error::Error for Refusal {}

/// The id in the locale files of a code: dots become dashes, a prefix says which family.
pub fn message_id(prefix: &str, code: &str) -> String {
    format!("{prefix}-{}", code.replace('.', "-"))
}

/// A failure of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was being done, in English, without personal data.
    pub message: String,
    /// The chain of causes as text, outermost first; empty when there is none.
    pub source: String,
}

impl Fault {
    /// A fault without an underlying cause.
    pub fn new(message: impl Into<String>) -> Self {
        Fault { message: message.into(), source: String::new() }
    }

    /// A fault caused by another error; the whole chain of its causes is kept as text.
    pub fn because(message: impl Into<String>, cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut source = cause.to_string();
        let mut next = cause.source();
        while let Some(error) = next {
            let text = error.to_string();
            if !source.ends_with(&text) {
                source.push_str(": ");
                source.push_str(&text);
            }
            next = error.source();
        }
        Fault { message: message.into(), source }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        if !self.source.is_empty() {
            write!(out, ": {}", self.source)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refusal(refusal)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Fault(fault)
    }
}

impl From<BadText> for Error {
    fn from(bad: BadText) -> Self {
        Error::Refusal(Refusal::invalid(bad.code))
    }
}

/// A full disk is something the person at the screen can act on; everything else is ours.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Error::Refusal(Refusal::unavailable("kernel.disk_full"))
            }
            _ => Error::Fault(Fault::because("input or output failed", &error)),
        }
    }
}

/// Turns the error of a library into a [`Fault`] that says what was being done.
pub trait OrFault<T> {
    /// `file.read(&mut buf).or_fault("reading the key file")?`
    ///
    /// # Errors
    /// The [`Fault`] with the chain of causes.
    fn or_fault(self, doing: &str) -> Result<T>;
}

impl<T, E: std::error::Error + 'static> OrFault<T> for std::result::Result<T, E> {
    fn or_fault(self, doing: &str) -> Result<T> {
        self.map_err(|error| Error::Fault(Fault::because(doing, &error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_its_code_and_hides_its_arguments() {
        let refusal = Refusal::conflict("visits.already_recorded")
            .arg("who", "张三丰")
            .field("date", "visits.date_taken");
        assert_eq!(refusal.message_id(), "refusal-visits-already_recorded");
        assert_eq!(refusal.to_string(), "conflict: visits.already_recorded");
        assert!(!format!("{refusal:?}").contains("张三丰"));
        assert_eq!(refusal.args, vec![("who", "张三丰".to_owned())]);
        assert_eq!(Error::from(refusal).code(), Some("visits.already_recorded"));
    }

    #[test]
    fn a_full_disk_is_a_refusal_and_other_io_is_a_fault() {
        let full = Error::from(std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert_eq!(full.refusal().map(|r| r.kind), Some(RefusalKind::Unavailable));
        let other = Error::from(std::io::Error::other("cable pulled"));
        assert!(other.refusal().is_none());
        assert!(other.to_string().contains("cable pulled"));
    }

    #[test]
    fn a_fault_keeps_the_chain_of_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] std::io::Error);
        let failed: std::result::Result<(), _> = Err(Outer(std::io::Error::other("inner")));
        let text = failed.or_fault("opening").map_err(|e| e.to_string());
        assert_eq!(text, Err("opening: outer: inner".to_owned()));
    }
}
