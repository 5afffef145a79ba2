//! Bodies of the rows that departments deliver.

use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::words::{
    CertificateChange, DropoutState, HouseGrade, HouseState, JobChange, MoveDirection, ReliefKind,
};

/// One settled hospital bill (医保 住院结算); the day is the settlement (结算日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HospitalStay {
    /// Whole bill (总费用), fen.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub total_fen: Option<i64>,
    /// Paid by basic insurance (基本医保), fen.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub basic_fen: Option<i64>,
    /// Paid by serious-illness insurance (大病), fen.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub major_fen: Option<i64>,
    /// Paid by medical relief (救助), fen.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub relief_fen: Option<i64>,
    /// Compliant out-of-pocket (合规自付), fen: what counts for screening.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub out_of_pocket_fen: Option<i64>,
    /// Hospital (医院).
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub hospital: Option<String>,
    /// Where insured (参保地).
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub insured_at: Option<String>,
    /// Remark (备注).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One pupil on the roll of a term (教育 学籍); the day is the first day of the term.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchoolRoll {
    /// School (学校名称).
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Stage (学段): 义务教育, 高中阶段, 高等教育.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Class (年级).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Term: `2026-autumn` or `2026-spring`; costs stand only on the autumn roll.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// Boards at school (是否寄宿).
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub boards: Option<bool>,
    /// To be paid this school year (本学年应缴费用), fen.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub due_fen: Option<i64>,
    /// Aid granted (资助金额), fen.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub aid_fen: Option<i64>,
    /// Paid by the family (自付金额), fen.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub own_cost_fen: Option<i64>,
    /// State on the roll (学籍状态), such as 在读.
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// A child on a list of suspected drop-outs (疑似失学辍学); the day is the check (排查日期). The later list replaces
/// the earlier: only records of the latest list say who is out of school now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DropoutSuspect {
    /// What the check found (排查状态).
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub state: Option<DropoutState>,
    /// Last school (原就读学校).
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Stage or class (学段).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Remark (备注).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A change of dibao, tekun or temporary relief (民政); the day is the change (变动日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SocialAssistance {
    /// What changed (类别).
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReliefKind>,
    /// Monthly money, or the one payment of temporary relief (月保障金/救助金额), fen.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// Members of the family (家庭人口).
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub household_size: Option<i64>,
    /// Members covered (保障人数).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub covered: Option<i64>,
    /// Reason (变动原因).
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Remark (备注).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A disability certificate issued or changed (残联); the day is the issue (初次发证日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisabilityCertificate {
    /// What happened (办理类型).
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub change: Option<CertificateChange>,
    /// Category (残疾类别), such as 肢体残疾.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Grade 1 (most severe) … 4 (残疾等级).
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Guardian (监护人).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
}

/// A house graded by the housing department (住建 危房台账); the day is the grading (鉴定日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseGradeRow {
    /// Grade (鉴定等级).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub grade: Option<HouseGrade>,
    /// What was done about it (处置情况).
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub state: Option<HouseState>,
    /// Structure (结构类型).
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub structure: Option<String>,
    /// Floor area in hundredths of a square metre (建筑面积).
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub area_centiares: Option<i64>,
    /// Remark (备注).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A village without water (水利); the day is the first day without water (停水日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaterOutage {
    /// Day water came back (恢复供水日期); absent = still out.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub restored_on: Option<Day>,
    /// Cause (停水原因).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Households without water (影响户数).
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub households: Option<i64>,
    /// What was done meanwhile (应急措施).
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub emergency_supply: Option<String>,
}

/// A job lost, a return home, wages unpaid (人社); the day is the event (失业/返乡日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobEvent {
    /// What happened (类型).
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub change: Option<JobChange>,
    /// Where the job was (原务工地).
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Employer (原单位).
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
    /// Wages unpaid (欠薪金额), fen.
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    pub unpaid_fen: Option<i64>,
    /// Works again (是否再就业).
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub reemployed: Option<bool>,
    /// Since when (再就业日期).
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub reemployed_on: Option<Day>,
}

/// A loss counted after a disaster (应急); the day is the event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisasterLoss {
    /// Kind (受灾类型), such as 洪涝.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The event as one key, `20260722洪涝`: two rows of one event are one loss.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// People hit (受灾人口).
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub people: Option<i64>,
    /// Rooms fallen or damaged (房屋倒损).
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub rooms: Option<i64>,
    /// Crops hit in hundredths of a mu (农作物受灾面积).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub crop_area_centimu: Option<i64>,
    /// Direct loss (直接经济损失), fen.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub loss_fen: Option<i64>,
    /// Remark (备注).
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A small loan at the end of a month (农商行); the day is the day of the list. The later list replaces the earlier.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoanState {
    /// Number of the loan (借据号).
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    pub loan_number: Option<String>,
    /// Granted (放款日).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub granted_on: Option<Day>,
    /// Due (到期日).
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// Loan (贷款金额), fen.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// Balance (贷款余额), fen.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub balance_fen: Option<i64>,
    /// Class (五级形态).
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Days overdue (逾期天数).
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub overdue_days: Option<i64>,
    /// Principal overdue (逾期本金), fen.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub overdue_fen: Option<i64>,
}

/// A death struck from the household book (公安 死亡注销); the day is the death.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Death {
    /// Day the registration was struck (注销日期).
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub struck_on: Option<Day>,
}

/// A household registration moved (公安 户口迁移); the day is the move (变动日期).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HukouMove {
    /// Out or in (变动类型).
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub direction: Option<MoveDirection>,
    /// Whither or whence (迁往(来)地).
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A vehicle in a person's name (公安 机动车); the day is the day of the list, which replaces the earlier one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Vehicle {
    /// Plate as delivered, masked (号牌).
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub plate: Option<String>,
    /// Kind (车辆类型).
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Make.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Price paid (购置价格), fen.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    pub price_fen: Option<i64>,
    /// Registered (初次登记日期).
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub registered_on: Option<Day>,
}

/// A hotline ticket (信访/12345); the day is the call (受理时间).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Complaint {
    /// Number of the ticket (工单号).
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Category (类别), such as 生活困难.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What was said (诉求内容).
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Place named (诉求地点).
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Office in charge (办理单位).
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// State (状态).
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// A row of a list that the county made itself (自建名单); the day is that of the row, or of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnListRow {
    /// Code of the list.
    #[serde(rename = "l")]
    pub list: String,
    /// What the list is called, in Chinese and English.
    #[serde(rename = "t")]
    pub title: (String, String),
    /// Values by `facts::own::key`: money in fen, fractions in hundredths, yes/no as 1 and 0, days as text.
    #[serde(rename = "v")]
    pub values: serde_json::Map<String, serde_json::Value>,
}
