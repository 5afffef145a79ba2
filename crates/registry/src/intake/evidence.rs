//! What one row of a department's list shows about who it is about, before anybody has been looked up.
//!
//! Everything is kept as the file wrote it, only trimmed of surrounding blanks; repairing a number or a name is the
//! matcher's work, because only it knows what the register holds.

use serde::{Deserialize, Serialize};

/// An identifier as its cell held it. A number cell of Excel keeps 15 digits, so it must never be taken for the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsRead {
    /// The cell held text (also text such as `5.00110E+17`): unchanged but for surrounding blanks.
    Text(String),
    /// The cell held a number: at most its first 15 digits are what somebody typed.
    Number(f64),
}

impl AsRead {
    /// The digits as they would be written out in full: a text unchanged, a number with zeros after its kept digits
    /// (`5.12222195409028E+17` → `512222195409028000`).
    pub fn written_out(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => format!("{number}"),
        }
    }

    /// The text, if the cell held text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) => None,
        }
    }
}

/// What a row offers for finding its person or household. `None` = the list has no such column or the cell is empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Citizen's identity number, 18 or 15 characters if all is well [证件号码].
    pub id: Option<AsRead>,
    /// Name as written, remarks in brackets included [姓名].
    pub name: Option<String>,
    /// `男` or `女` as written [性别].
    pub sex: Option<String>,
    /// Birth date `YYYY-MM-DD`, only if the list names it in a column of its own [出生日期].
    pub birth: Option<String>,
    /// School roll number, `G` and the citizen's number [学籍号].
    pub roll_number: Option<AsRead>,
    /// Disability certificate, 20 or 22 characters of which the first 18 are the citizen's number [残疾人证号].
    pub certificate: Option<AsRead>,
    /// Telephone as written [联系电话].
    pub phone: Option<AsRead>,
    /// Number of the household in the register [户编号].
    pub household_number: Option<AsRead>,
    /// Number of the person in the register [人编号].
    pub person_number: Option<AsRead>,
    /// Town as written, or taken over from the merged block or the sheet's name [乡镇].
    pub town: Option<String>,
    /// Village as written [行政村].
    pub village: Option<String>,
    /// Free address as written, when the list has one column for town, village and group [户籍地址].
    pub address: Option<String>,
    /// Name of the guardian, of a pupil or a disabled person [监护人].
    pub guardian: Option<String>,
    /// The list says that the named person is the head of the household [户主].
    pub is_head: bool,
}

impl Evidence {
    /// Nothing at all by which a person could be found.
    pub fn is_empty(&self) -> bool {
        *self == Self::default() || *self == Self { is_head: true, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_cell_is_written_out_without_exponent() {
        assert_eq!(AsRead::Number(5.122_221_954_090_28e17).written_out(), "512222195409028000");
        assert_eq!(AsRead::Text("5.00110E+17".into()).written_out(), "5.00110E+17");
    }

    #[test]
    fn saying_only_that_it_is_the_head_is_no_evidence() {
        assert!(Evidence { is_head: true, ..Evidence::default() }.is_empty());
        assert!(!Evidence { name: Some("张三".into()), ..Evidence::default() }.is_empty());
    }
}
