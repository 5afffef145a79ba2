//! Bodies of the two sheets of the register.

use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::words::{HouseGrade, LabourSkill};

/// A row of the household sheet (户). Numbers of areas and lengths are hundredths of their unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterHousehold {
    /// Name of the head as the sheet has it (户主姓名).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub head_name: Option<String>,
    /// Group (组).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Members as the sheet counts them (人口数).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Kind of household (户类型): 一般户, 脱贫户.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub household_type: Option<String>,
    /// Class under monitoring (监测对象类别); absent = never monitored.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub monitor_type: Option<String>,
    /// Risk removed (风险是否消除).
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub risk_removed: Option<bool>,
    /// Risk identified (风险识别时间).
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    pub identified_on: Option<Day>,
    /// Risk removed on (风险消除时间).
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub removed_on: Option<Day>,
    /// Way of removal (风险消除方式).
    #[serde(rename = "y", skip_serializing_if = "Option::is_none")]
    pub removal_way: Option<String>,
    /// Causes (致贫返贫风险), in order.
    #[serde(rename = "k", skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<String>,
    /// Whole household without labour, safety net (整户无劳动能力兜底保障户).
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub no_labour: Option<bool>,
    /// Grade of the house (危房等级).
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub house_grade: Option<HouseGrade>,
    /// Safe drinking water (安全饮用水).
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub water_safe: Option<bool>,
    /// Relocated (搬迁安置).
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub relocated: Option<bool>,
    /// Way of relocation (搬迁方式).
    #[serde(rename = "q", skip_serializing_if = "Option::is_none")]
    pub relocation_way: Option<String>,
    /// 低保 or 特困 (低保/特困).
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub relief: Option<String>,
    /// Floor area (住房面积), 0.01 m².
    #[serde(rename = "a1", skip_serializing_if = "Option::is_none")]
    pub floor_area: Option<i64>,
    /// Farmland (耕地面积), 0.01 mu.
    #[serde(rename = "a2", skip_serializing_if = "Option::is_none")]
    pub farmland: Option<i64>,
    /// Woodland (林地面积), 0.01 mu.
    #[serde(rename = "a3", skip_serializing_if = "Option::is_none")]
    pub woodland: Option<i64>,
    /// Road to the house (入户路类型).
    #[serde(rename = "p1", skip_serializing_if = "Option::is_none")]
    pub road_kind: Option<String>,
    /// Distance to the village road (与村主干路距离), 0.01 km.
    #[serde(rename = "p2", skip_serializing_if = "Option::is_none")]
    pub road_distance: Option<i64>,
    /// Fuel (燃料).
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub fuel: Option<String>,
    /// Electricity (通电).
    #[serde(rename = "u1", skip_serializing_if = "Option::is_none")]
    pub electricity: Option<bool>,
    /// Radio and television (广播电视).
    #[serde(rename = "u2", skip_serializing_if = "Option::is_none")]
    pub broadcast: Option<bool>,
    /// Member of a cooperative (合作社).
    #[serde(rename = "u3", skip_serializing_if = "Option::is_none")]
    pub cooperative: Option<bool>,
    /// Net income per head last year (人均纯收入(上年度)), fen.
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub income_last_year_fen: Option<i64>,
}

/// A row of the person sheet (人). Name, numbers and phone live in `persons`, sealed; here stand the rest and what is
/// needed to ask about contradictions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterPerson {
    /// Relation to the head (与户主关系).
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub kin: Option<String>,
    /// Sex as the sheet has it (性别): 男, 女.
    #[serde(rename = "x", skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Day of birth as the sheet has it (出生日期).
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub birth_day: Option<Day>,
    /// Kind of certificate (证件类型).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Day of birth inside the citizen number, where it differs from the sheet or the sheet has none.
    #[serde(rename = "cb", skip_serializing_if = "Option::is_none")]
    pub number_birth_day: Option<Day>,
    /// Sex inside the citizen number, where it differs.
    #[serde(rename = "cx", skip_serializing_if = "Option::is_none")]
    pub number_sex: Option<String>,
    /// Nationality (民族).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub nation: Option<String>,
    /// Political status (政治面貌).
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Education (文化程度).
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub education: Option<String>,
    /// State at school (在校生状况).
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub school_state: Option<String>,
    /// Health as the sheet has it (健康状况).
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// Ability to work (劳动技能).
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub labour: Option<LabourSkill>,
    /// Where working (务工所在地).
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub work_place: Option<String>,
    /// Months worked (务工时间).
    #[serde(rename = "wm", skip_serializing_if = "Option::is_none")]
    pub work_months: Option<i64>,
    /// Employer (务工企业名称).
    #[serde(rename = "we", skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
    /// Public post (公益性岗位).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub public_post: Option<String>,
    /// Months in it (公益性岗位月数).
    #[serde(rename = "gm", skip_serializing_if = "Option::is_none")]
    pub public_post_months: Option<i64>,
    /// 居民医保.
    #[serde(rename = "i1", skip_serializing_if = "Option::is_none")]
    pub resident_insurance: Option<bool>,
    /// 职工医保.
    #[serde(rename = "i2", skip_serializing_if = "Option::is_none")]
    pub employee_insurance: Option<bool>,
    /// Serious-illness insurance (大病保险).
    #[serde(rename = "i3", skip_serializing_if = "Option::is_none")]
    pub major_insurance: Option<bool>,
    /// 居民养老.
    #[serde(rename = "o1", skip_serializing_if = "Option::is_none")]
    pub resident_pension: Option<bool>,
    /// 职工养老.
    #[serde(rename = "o2", skip_serializing_if = "Option::is_none")]
    pub employee_pension: Option<bool>,
    /// 低保.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub dibao: Option<bool>,
    /// 特困.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub tekun: Option<bool>,
    /// 残疾类别.
    #[serde(rename = "dc", skip_serializing_if = "Option::is_none")]
    pub disability_category: Option<String>,
    /// Grade 1 … 4 (残疾等级).
    #[serde(rename = "dl", skip_serializing_if = "Option::is_none")]
    pub disability_level: Option<u8>,
    /// 会讲普通话.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub speaks_mandarin: Option<bool>,
    /// 易地搬迁.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub relocated: Option<bool>,
    /// How many digits the phone has, where it is not 11.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub phone_digits: Option<u8>,
}

/// A row of the register of poor households before 2020 (建档立卡): history that no later register states again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OldRegister {
    /// Year in which the household was registered (识别年度).
    #[serde(rename = "y", skip_serializing_if = "Option::is_none")]
    pub registered_year: Option<i64>,
    /// Why it was poor (致贫原因), the main cause first, as the register words them.
    #[serde(rename = "k", skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// Year in which it left the register (脱贫年度); absent while it had not.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub exit_year: Option<i64>,
    /// How (脱贫属性).
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub exit_kind: Option<String>,
    /// Remark.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
