//! Values that go into and come out of a database, the same for both engines.

use kernel::error::{Error, Result};

/// One value of a column or parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL: not known.
    Null,
    /// BIGINT: counts, fen, yes/no as 1/0.
    Int(i64),
    /// DOUBLE PRECISION: rates and coordinates, never money.
    Real(f64),
    /// TEXT: everything else.
    Text(String),
}

impl Value {
    /// The text inside, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number inside, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }
}

macro_rules! value_from {
    ($($source:ty => |$name:ident| $made:expr;)*) => {$(
        impl From<$source> for Value {
            fn from($name: $source) -> Self { $made }
        }
    )*};
}

value_from! {
    i64 => |v| Value::Int(v);
    i32 => |v| Value::Int(i64::from(v));
    u32 => |v| Value::Int(i64::from(v));
    bool => |v| Value::Int(i64::from(v));
    f64 => |v| Value::Real(v);
    String => |v| Value::Text(v);
    &String => |v| Value::Text(v.clone());
    &str => |v| Value::Text(v.to_owned());
    kernel::time::Day => |v| Value::Text(v.to_string());
    kernel::time::Month => |v| Value::Text(v.to_string());
    kernel::time::Instant => |v| Value::Text(v.to_string());
    kernel::money::Money => |v| Value::Int(v.fen());
    kernel::area::AreaCode => |v| Value::Text(v.to_string());
}

macro_rules! value_from_ids {
    ($($id:ident),*) => {$(
        impl From<kernel::ids::$id> for Value {
            fn from(v: kernel::ids::$id) -> Self { Value::Text(v.to_string()) }
        }
    )*};
}

value_from_ids!(
    HouseholdId,
    PersonId,
    AccountId,
    BatchId,
    FindingId,
    MatchId,
    DecisionId,
    ProposalId,
    MappingId,
    LeadId,
    DeclarationId,
    QuestionId,
    AlarmId,
    CaseId,
    SittingId,
    DocumentId,
    DraftId,
    MilestoneId,
    AnswerId,
    RunId,
    ViewId,
    MergeId
);

impl From<usize> for Value {
    fn from(v: usize) -> Self {
        Value::Int(i64::try_from(v).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}

/// Builds the parameter list of a statement: `params![id, today, None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*][..] };
}

/// One row of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The value at `index`; a missing column is our own mistake, hence a Fault.
    pub fn value(&self, index: usize) -> Result<&Value> {
        self.0.get(index).ok_or_else(|| Error::fault(format!("row has no column {index}")))
    }

    /// Text that must be there, to look at.
    pub fn str(&self, index: usize) -> Result<&str> {
        self.opt_str(index)?.ok_or_else(|| Error::fault(format!("column {index} is null")))
    }

    /// Text or NULL, to look at.
    pub fn opt_str(&self, index: usize) -> Result<Option<&str>> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(Error::fault(format!("column {index} is no text: {other:?}"))),
        }
    }

    /// Text that must be there.
    pub fn text(&self, index: usize) -> Result<String> {
        self.str(index).map(str::to_owned)
    }

    /// Text or NULL.
    pub fn opt_text(&self, index: usize) -> Result<Option<String>> {
        Ok(self.opt_str(index)?.map(str::to_owned))
    }

    /// Text that must be there, taken out of the row.
    pub fn take_text(&mut self, index: usize) -> Result<String> {
        match self.0.get_mut(index).map(|value| std::mem::replace(value, Value::Null)) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(Error::fault(format!("column {index} is no text: {other:?}"))),
        }
    }

    /// A whole number that must be there.
    pub fn int(&self, index: usize) -> Result<i64> {
        self.opt_int(index)?.ok_or_else(|| Error::fault(format!("column {index} is null")))
    }

    /// A whole number or NULL.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            other => Err(Error::fault(format!("column {index} is no whole number: {other:?}"))),
        }
    }

    /// Yes (1) or no (0).
    pub fn flag(&self, index: usize) -> Result<bool> {
        Ok(self.int(index)? != 0)
    }

    /// A real number or NULL; whole numbers are taken too.
    pub fn opt_real(&self, index: usize) -> Result<Option<f64>> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Real(number) => Ok(Some(*number)),
            Value::Int(number) => Ok(Some(*number as f64)),
            other => Err(Error::fault(format!("column {index} is no number: {other:?}"))),
        }
    }

    /// Text parsed into a kernel type (`row.parse::<Day>(3)`), which must be there.
    pub fn parse<T: std::str::FromStr>(&self, index: usize) -> Result<T>
    where
        T::Err: std::fmt::Display,
    {
        self.opt_parse(index)?.ok_or_else(|| Error::fault(format!("column {index} is null")))
    }

    /// Text parsed into a kernel type, or NULL.
    pub fn opt_parse<T: std::str::FromStr>(&self, index: usize) -> Result<Option<T>>
    where
        T::Err: std::fmt::Display,
    {
        self.opt_str(index)?
            .map(|text| {
                text.parse::<T>().map_err(|why| Error::fault(format!("column {index}: {why}")))
            })
            .transpose()
    }
}

/// SQL that a generator of ours has built from parsed, checked parts (the predicate compiler, the fact tables).
/// Never from text that a person typed: the predicate compiler re-renders what it parsed.
#[derive(Debug, Clone)]
pub struct BuiltSql(String);

impl BuiltSql {
    /// Marks generated text as safe to run. Only generators of column lists and the predicate compiler may call it.
    pub fn from_generator(text: String) -> Self {
        BuiltSql(text)
    }

    /// The text, for messages of `rules check`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What may be run: a literal in the source, or generated SQL.
pub trait IntoSql {
    /// The statement's text.
    fn sql(&self) -> &str;
}

impl IntoSql for &'static str {
    fn sql(&self) -> &str {
        self
    }
}

impl IntoSql for &BuiltSql {
    fn sql(&self) -> &str {
        &self.0
    }
}
