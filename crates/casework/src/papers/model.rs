//! The kinds of papers, the placeholders that each knows, and what is wrong with a layout.

use kernel::error::Refusal;
use kernel::time::Day;
use sheets::docx::{DocxError, Filled, Place, Slot, Template};

use super::board::not_public;

/// The values of one paper.
pub type Values = Filled;

/// A kind of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paper {
    /// 入户核查表.
    CheckSheet,
    /// 民主评议会议记录.
    Minutes,
    /// 公示.
    Notice,
    /// 乡镇审核表.
    TownshipReview,
    /// 县级审批表.
    CountyApproval,
    /// 公告.
    Announcement,
    /// 帮扶明白卡.
    Card,
    /// 一户一档.
    HouseholdFile,
    /// 月度台账.
    Ledger,
}

use Paper as P;

/// Papers of one household.
const OF_ONE: &[Paper] = &[P::CheckSheet, P::Card, P::HouseholdFile];
/// Papers of a list that stay in the office.
const OF_LIST: &[Paper] = &[P::Minutes, P::TownshipReview, P::CountyApproval, P::Ledger];
/// Papers of a list that hang on a board.
const OF_BOARD: &[Paper] = &[P::Notice, P::Announcement];
/// Every paper of a list.
const LISTS: &[Paper] =
    &[P::Minutes, P::TownshipReview, P::CountyApproval, P::Ledger, P::Notice, P::Announcement];
/// Papers about one matter: taking in, or removal.
const MATTER: &[Paper] =
    &[P::Minutes, P::TownshipReview, P::CountyApproval, P::Notice, P::Announcement];
/// Of a place.
const PLACED: &[Paper] = Paper::ALL;

impl Paper {
    /// Every kind, in the order in which a case meets them.
    pub const ALL: &'static [Paper] = &[
        P::CheckSheet,
        P::Minutes,
        P::Notice,
        P::TownshipReview,
        P::CountyApproval,
        P::Announcement,
        P::Card,
        P::HouseholdFile,
        P::Ledger,
    ];

    /// The text in tables, addresses and locale files.
    pub const fn code(self) -> &'static str {
        match self {
            P::CheckSheet => "check_sheet",
            P::Minutes => "minutes",
            P::Notice => "notice",
            P::TownshipReview => "township_review",
            P::CountyApproval => "county_approval",
            P::Announcement => "announcement",
            P::Card => "card",
            P::HouseholdFile => "household_file",
            P::Ledger => "ledger",
        }
    }

    /// The kind of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|paper| paper.code() == code)
    }

    /// Whether it hangs where everybody reads it.
    pub fn is_public(self) -> bool {
        OF_BOARD.contains(&self)
    }

    /// What may stand between double braces on it.
    pub fn fields(self) -> impl Iterator<Item = &'static FieldDef> {
        FIELDS.iter().filter(move |field| field.on.contains(&self))
    }

    /// What a name between braces stands for: the Chinese name or the id.
    pub fn slot(self, name: &str) -> Option<Slot> {
        let field = self.fields().find(|field| field.id == name || field.zh == name)?;
        Some(if field.row { Slot::Row(field.id) } else { Slot::One(field.id) })
    }
}

/// A placeholder.
#[derive(Debug)]
pub struct FieldDef {
    /// Its id, which may stand between the braces.
    pub id: &'static str,
    /// Its Chinese name, which may stand there as well.
    pub zh: &'static str,
    /// It has a value in every line of the list.
    pub row: bool,
    /// The papers that know it.
    pub on: &'static [Paper],
}

const fn one(id: &'static str, zh: &'static str, on: &'static [Paper]) -> FieldDef {
    FieldDef { id, zh, row: false, on }
}

const fn row(id: &'static str, zh: &'static str, on: &'static [Paper]) -> FieldDef {
    FieldDef { id, zh, row: true, on }
}

const FILE: &[Paper] = &[P::HouseholdFile];
const HELP: &[Paper] = &[P::Card, P::HouseholdFile];
const CHECK: &[Paper] = &[P::CheckSheet, P::HouseholdFile];
const SITTING: &[Paper] = &[P::Minutes];
const DECIDED: &[Paper] = &[P::TownshipReview, P::CountyApproval, P::Ledger];

/// Every placeholder. A paper for a board knows names and places of households, nothing else of them.
pub static FIELDS: &[FieldDef] = &[
    one("area.county", "县", PLACED),
    one("area.town", "乡镇", PLACED),
    one("area.village", "村", PLACED),
    one("paper.day", "制表日期", PLACED),
    one("paper.count", "户数", LISTS),
    one("paper.kind", "事项", MATTER),
    one("household.head", "户主", OF_ONE),
    one("household.number", "户编号", OF_ONE),
    one("household.group", "组", OF_ONE),
    one("household.size", "人口数", OF_ONE),
    one("case.number", "案件编号", OF_ONE),
    one("case.state", "办理状态", OF_ONE),
    one("case.class", "监测类别", OF_ONE),
    one("case.risks", "风险类型", OF_ONE),
    one("case.discovered", "风险发现日期", OF_ONE),
    one("case.identified", "识别时间", OF_ONE),
    one("case.closed", "消除时间", FILE),
    one("facts.known", "已有情况", CHECK),
    one("facts.missing", "待核实事项", &[P::CheckSheet]),
    one("check.risks", "风险勾选", &[P::CheckSheet]),
    one("case.consent", "承诺授权", CHECK),
    one("case.steps", "办理过程", FILE),
    one("help.helper", "帮扶责任人", HELP),
    one("help.unit", "帮扶单位", HELP),
    one("help.phone", "联系电话", HELP),
    one("help.measures", "帮扶措施", HELP),
    row("member.n", "成员.序号", OF_ONE),
    row("member.name", "成员.姓名", OF_ONE),
    row("member.kin", "成员.与户主关系", OF_ONE),
    row("member.sex", "成员.性别", OF_ONE),
    row("member.birth", "成员.出生年月", OF_ONE),
    one("notice.from", "公示开始日期", &[P::Notice]),
    one("notice.until", "公示结束日期", &[P::Notice]),
    one("sitting.day", "评议日期", SITTING),
    one("sitting.place", "地点", SITTING),
    one("sitting.presided", "主持人", SITTING),
    one("sitting.recorder", "记录人", SITTING),
    one("sitting.present", "到会人数", SITTING),
    one("sitting.attending", "参会人员", SITTING),
    one("sitting.minutes", "评议记录", SITTING),
    one("ledger.month", "月份", &[P::Ledger]),
    row("list.n", "名单.序号", LISTS),
    row("list.head", "名单.户主", LISTS),
    row("list.village", "名单.村", LISTS),
    row("list.group", "名单.组", LISTS),
    row("list.number", "名单.户编号", OF_LIST),
    row("list.case", "名单.案件编号", &[P::Minutes, P::TownshipReview, P::CountyApproval]),
    row("list.class", "名单.监测类别", OF_LIST),
    row("list.risks", "名单.风险类型", OF_LIST),
    row("list.kind", "名单.事项", &[P::Minutes, P::TownshipReview, P::CountyApproval]),
    row("list.state", "名单.办理状态", DECIDED),
    row("list.discovered", "名单.风险发现日期", DECIDED),
    row("list.identified", "名单.识别时间", DECIDED),
    row("list.closed", "名单.消除时间", DECIDED),
    row("list.opinion", "名单.意见", &[P::TownshipReview, P::CountyApproval]),
    row("list.helper", "名单.帮扶责任人", &[P::Ledger]),
    row("list.result", "名单.评议结果", SITTING),
    row("list.agreed", "名单.同意人数", SITTING),
    row("list.words", "名单.评议意见", SITTING),
];

/// What is wrong with a layout, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file itself.
    File(DocxError),
    /// Braces around a name that this paper does not know.
    Unknown(String, Place),
    /// Braces that open and do not close.
    Open(String, Place),
    /// A placeholder of the list outside of a table.
    OutsideRow(String, Place),
    /// No row of a table takes up the list.
    NoRow,
    /// Text that must not hang on a board.
    NotPublic(String, Place),
}

impl Problem {
    /// The sentence and its values.
    pub fn refusal(&self) -> Refusal {
        let placed = |refusal: Refusal, place: &Place| {
            let (kind, table, row) = match place {
                Place::Paragraph(n) => ("paragraph", 0, *n),
                Place::Row(table, row) => ("row", *table, *row),
                Place::Beside => ("beside", 0, 0),
            };
            refusal.arg("where", kind).arg("table", table).arg("row", row)
        };
        match self {
            Self::File(DocxError::TooLarge) => {
                let most = sheets::docx::LARGEST / 1_048_576;
                Refusal::too_many("papers.too_large").arg("limit", most)
            }
            Self::File(DocxError::NotDocx) => Refusal::invalid("papers.not_docx"),
            Self::File(DocxError::Macro) => Refusal::invalid("papers.macro"),
            Self::File(DocxError::Fetches(what)) => {
                Refusal::invalid("papers.fetches").arg("what", what.clone())
            }
            Self::File(DocxError::Broken(_)) => Refusal::invalid("papers.broken"),
            Self::Unknown(name, place) => {
                placed(Refusal::invalid("papers.unknown_placeholder").arg("name", name), place)
            }
            Self::Open(name, place) => {
                placed(Refusal::invalid("papers.open_placeholder").arg("name", name), place)
            }
            Self::OutsideRow(name, place) => {
                placed(Refusal::invalid("papers.outside_row").arg("name", name), place)
            }
            Self::NoRow => Refusal::invalid("papers.no_row"),
            Self::NotPublic(what, place) => {
                placed(Refusal::invalid("papers.not_public").arg("what", what), place)
            }
        }
    }
}

/// Reads a layout for a paper.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(paper: Paper, bytes: &[u8]) -> Result<Template, Vec<Problem>> {
    let template = Template::read(bytes).map_err(|why| vec![Problem::File(why)])?;
    let (mut problems, mut has_row) = (Vec::new(), false);
    for found in template.placeholders() {
        let in_row = matches!(found.place, Place::Row(..));
        match (found.closed, paper.slot(&found.name)) {
            (false, _) => problems.push(Problem::Open(found.name, found.place)),
            (true, None) => problems.push(Problem::Unknown(found.name, found.place)),
            (true, Some(Slot::Row(_))) if !in_row => {
                problems.push(Problem::OutsideRow(found.name, found.place));
            }
            (true, Some(Slot::Row(_))) => has_row = true,
            (true, Some(Slot::One(_))) => {}
        }
    }
    if LISTS.contains(&paper) && !has_row {
        problems.push(Problem::NoRow);
    }
    if paper.is_public() {
        for (place, text) in template.paragraphs() {
            if let Some(what) = not_public(&text) {
                problems.push(Problem::NotPublic(what, place));
            }
        }
    }
    if problems.is_empty() { Ok(template) } else { Err(problems) }
}

/// A day as Chinese papers write it: 2026年11月23日.
pub fn chinese_day(day: Day) -> String {
    let text = day.to_string();
    let mut parts = text.split('-').map(|part| part.trim_start_matches('0'));
    let mut next = || parts.next().unwrap_or_default();
    format!("{}年{}月{}日", next(), next(), next())
}
