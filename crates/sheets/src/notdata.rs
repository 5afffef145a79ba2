//! Rows that are no data: titles, repeated headings, totals, signatures, remarks, blanks.

use serde::{Deserialize, Serialize};

use crate::{Cell, Layout, Row, squeeze};

/// What a row is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// One thing that the list is about.
    Data,
    /// Furniture of the table.
    NotData(NotData),
}

/// Why a row is no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotData {
    /// Above the heading: title, reporting unit, unit of amounts, period.
    Title,
    /// The heading, one or several rows.
    Heading,
    /// The heading once more, at the top of a printed page.
    RepeatedHeading,
    /// A total or subtotal [合计 小计].
    Total,
    /// Who filled the table in [填表人 审核人].
    Signature,
    /// A remark of somebody who worked on the table.
    Comment,
    /// Nothing.
    Blank,
    /// Only a running number: a line that was never filled.
    Numbered,
}

impl NotData {
    /// The stable name: `repeated_heading`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::RepeatedHeading => "repeated_heading",
            Self::Total => "total",
            Self::Signature => "signature",
            Self::Comment => "comment",
            Self::Blank => "blank",
            Self::Numbered => "numbered",
        }
    }
}

/// What a row below (or in, or above) the heading is.
pub(crate) fn kind(layout: &Layout, row: &Row) -> RowKind {
    not_data(layout, row).map_or(RowKind::Data, RowKind::NotData)
}

fn not_data(layout: &Layout, row: &Row) -> Option<NotData> {
    let (first, own) = {
        let mut cells = row.own();
        let Some(first) = cells.next() else { return Some(NotData::Blank) };
        (first, 1 + cells.count())
    };
    if row.number < layout.first_row {
        return Some(NotData::Title);
    }
    if row.number <= layout.last_row {
        return Some(NotData::Heading);
    }
    if repeats_heading(layout, row, own) {
        return Some(NotData::RepeatedHeading);
    }
    if numbers_columns(row, own) {
        return Some(NotData::Heading);
    }
    if is_total(row, own) {
        return Some(NotData::Total);
    }
    let text = first.1.text();
    if own == 1 && layout.headings.len() >= 3 {
        return Some(match text {
            None => NotData::Numbered,
            Some(text) if squeeze(text).chars().all(|c| c.is_ascii_digit()) => NotData::Numbered,
            Some(text) if is_signature_label(text) => NotData::Signature,
            Some(_) => NotData::Comment,
        });
    }
    let text = text?;
    if text.trim_start().starts_with('#') {
        return Some(NotData::Comment);
    }
    if signed(row, text) {
        return Some(NotData::Signature);
    }
    (own <= 2 && layout.headings.len() >= 4 && is_remark(text)).then_some(NotData::Comment)
}

/// At least two cells, and most of those filled, say what stands above them.
fn repeats_heading(layout: &Layout, row: &Row, own: usize) -> bool {
    let same = |column: usize, cell: &Cell| {
        let Some(text) = cell.text() else { return false };
        if text.len() > 120 || text.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        layout.headings.iter().find(|heading| heading.column == column).is_some_and(|heading| {
            let text = squeeze(text);
            text == heading.squeezed || text == heading.squeezed_group
        })
    };
    if own < 2 || !row.own().take(2).any(|(column, cell)| same(column, cell)) {
        return false;
    }
    let agree = row.own().filter(|(column, cell)| same(*column, cell)).count();
    agree >= 2 && agree * 5 >= own * 3
}

/// The numbers of the columns below the heading: `1 2 3 4`, `甲 乙 1 2`, `(1) (2) (3=1+2)`.
fn numbers_columns(row: &Row, own: usize) -> bool {
    if own < 4 {
        return false;
    }
    let (mut expected, mut letters) = (1u32, 0usize);
    for (_, cell) in row.own() {
        let text = squeeze(&cell.shown());
        let text = text.trim_matches(['(', ')', '①', '栏']);
        if expected == 1
            && matches!(text, "甲" | "乙" | "丙" | "丁" | "戊" | "己" | "次" | "序号" | "栏次")
        {
            letters += 1;
            continue;
        }
        let number = text.split('=').next().unwrap_or(text);
        if number.parse::<u32>() != Ok(expected) {
            return false;
        }
        expected += 1;
    }
    expected > 3 && letters <= 5
}

const TOTALS: [&str; 6] = ["合计", "总计", "小计", "共计", "累计", "总合计"];

fn is_total(row: &Row, own: usize) -> bool {
    let mut total = false;
    let mut texts = 0usize;
    for (_, cell) in row.own() {
        let Some(text) = cell.text() else { continue };
        if !text.chars().any(|c| c.is_alphabetic()) {
            if text.chars().filter(char::is_ascii_digit).count() >= 15 {
                return false;
            }
            continue;
        }
        texts += 1;
        total = total || is_total_text(text);
    }
    total && (texts <= 2 || texts * 3 <= own)
}

fn is_total_text(text: &str) -> bool {
    if text.len() > 120 || !text.contains(['计', '共']) {
        return false;
    }
    let text = squeeze(text);
    let text = text.trim_matches([':', '(', ')', '、', ',', '。']);
    let counted = text.strip_prefix('共').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.trim_start_matches(|c: char| c.is_ascii_digit()).chars().count() <= 3
    });
    let page = text.strip_prefix("本页").or_else(|| text.strip_prefix("本表")).unwrap_or(text);
    counted
        || TOTALS.iter().any(|total| page.starts_with(total))
        || (text.chars().count() <= 14 && TOTALS.iter().any(|total| text.ends_with(total)))
}

const SIGNATURES: [&str; 33] = [
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "审核",
    "审批人",
    "复核",
    "经办人",
    "经办",
    "负责人",
    "单位负责人",
    "乡镇负责人",
    "村负责人",
    "主要负责人",
    "分管领导",
    "主要领导",
    "分管负责人",
    "领导签字",
    "签字",
    "签名",
    "盖章",
    "(盖章)",
    "填报日期",
    "填表日期",
    "制表日期",
    "报送日期",
    "上报日期",
    "填报时间",
    "统计人",
    "核对人",
    "校对",
    "填报单位",
];

fn is_signature_label(text: &str) -> bool {
    let text = squeeze(text);
    SIGNATURES.iter().any(|label| text.starts_with(label))
        && (text.contains([':', '_']) || text.chars().count() <= 8)
}

/// The first cell is a signature's label, and what follows are labels or a few answers to them.
fn signed(row: &Row, first: &str) -> bool {
    if !is_signature_label(first) {
        return false;
    }
    let colon = squeeze(first).contains(':');
    let mut texts = row.own().filter_map(|(_, cell)| cell.text());
    colon || texts.all(is_signature_label)
}

fn is_remark(text: &str) -> bool {
    let text = squeeze(text);
    [
        "注:",
        "备注:",
        "说明:",
        "附注",
        "附:",
        "※",
        "注1",
        "注意",
        "数据来源",
        "以上",
        "以下",
        "(接上页)",
    ]
    .iter()
    .any(|start| text.starts_with(start))
        || matches!(text.as_str(), "注" | "备注" | "说明")
}
