//! Bodies of what people said, saw or put right: visits, declarations, forms filled by hand.
//!
//! They speak of the same facts as the register and the lists; the derivation takes the latest trusted one.

use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::words::{HouseGrade, HouseState, LabourSkill};

/// Insurance of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Insurance {
    /// 居民医保.
    #[serde(rename = "i1", skip_serializing_if = "Option::is_none")]
    pub resident: Option<bool>,
    /// 职工医保.
    #[serde(rename = "i2", skip_serializing_if = "Option::is_none")]
    pub employee: Option<bool>,
    /// Serious-illness insurance (大病保险).
    #[serde(rename = "i3", skip_serializing_if = "Option::is_none")]
    pub major: Option<bool>,
    /// 居民养老.
    #[serde(rename = "o1", skip_serializing_if = "Option::is_none")]
    pub resident_pension: Option<bool>,
    /// 职工养老.
    #[serde(rename = "o2", skip_serializing_if = "Option::is_none")]
    pub employee_pension: Option<bool>,
    /// Year insured for.
    #[serde(rename = "y", skip_serializing_if = "Option::is_none")]
    pub year: Option<i64>,
}

/// Schooling of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schooling {
    /// Goes to school (送教上门 counts).
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub at_school: Option<bool>,
    /// State at school (在校生状况).
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub school_state: Option<String>,
    /// School.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Out of school for health reasons.
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub out_for_health: Option<bool>,
    /// Paid by the family this school year, fen.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub own_cost_fen: Option<i64>,
}

/// State of the house.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Housing {
    /// Grade, if somebody graded it.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub grade: Option<HouseGrade>,
    /// What was done about it.
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub state: Option<HouseState>,
    /// Safe to live in, as seen.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub safe: Option<bool>,
    /// Moved into a house of the relocation programme.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub relocated: Option<bool>,
    /// Remark.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Drinking water of the household: the four tests of the county (水量, 水质, 用水方便程度, 供水保证率).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Water {
    /// All four hold.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub safe: Option<bool>,
    /// Enough water.
    #[serde(rename = "q", skip_serializing_if = "Option::is_none")]
    pub quantity: Option<bool>,
    /// Clean.
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    pub quality: Option<bool>,
    /// Near enough.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub near: Option<bool>,
    /// Reliable.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub reliable: Option<bool>,
}

/// Health of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// 长期慢性病.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub chronic: Option<bool>,
    /// 患有大病.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub severe: Option<bool>,
    /// 残疾.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// Grade 1 … 4.
    #[serde(rename = "dl", skip_serializing_if = "Option::is_none")]
    pub disability_level: Option<u8>,
    /// Signed with a family doctor.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub family_doctor: Option<bool>,
    /// Remark.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Ability to work of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Labour {
    /// 劳动技能.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub skill: Option<LabourSkill>,
}

/// Work of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// Has work now.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub working: Option<bool>,
    /// Where (务工所在地).
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Months worked in the last twelve.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    /// Employer.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
    /// Public post (公益性岗位).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub public_post: Option<String>,
    /// Months in it.
    #[serde(rename = "gm", skip_serializing_if = "Option::is_none")]
    pub public_post_months: Option<i64>,
    /// Since when.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
}

/// Enough to eat (不愁吃).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Food {
    /// Enough staple food.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub enough: Option<bool>,
    /// Meat, eggs, milk or beans regularly.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub protein: Option<bool>,
}

/// Clothes for the seasons (不愁穿).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clothing {
    /// Clothes and bedding for the seasons.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub enough: Option<bool>,
}

/// One value of an earlier record put right by hand (更正). It counts from the day it was recorded, until a later delivery
/// says something other than the value that was put right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Correction {
    /// Topic of the corrected record, as in `records.topic`.
    #[serde(rename = "t")]
    pub topic: String,
    /// Key of the value inside that topic's body, such as `h` for the grade of the house in `register_household`.
    #[serde(rename = "f")]
    pub field: String,
    /// The value before, as in the body; `null` when there was none.
    #[serde(rename = "o")]
    pub old: serde_json::Value,
    /// The value now; `null` takes it away.
    #[serde(rename = "v")]
    pub new: serde_json::Value,
    /// Why.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
