//! Words that several pages of intake share.

use kernel::finding::Severity;
use kernel::time::{Month, Period};
use web::ui::{Chip, Tone};
use web::{Arg, L, word_of};

use crate::intake::batch::{BatchState, RowOutcome};
use crate::intake::mask;
use crate::intake::queries::StoredFinding;
use crate::intake::template::{Template, Templates, Title};

/// The list and the department of what somebody changed on a page.
const BY_HAND: &str = "hand";

/// A title in the reader's language.
pub fn title(l: L, title: &Title) -> String {
    if l.is_zh() { title.zh.clone() } else { title.en.clone() }
}

/// The name of a template, of a list, or its id when the program no longer knows it.
pub fn template(l: L, templates: &Templates, id: &str) -> String {
    templates.get(id).map_or_else(|| id.to_owned(), |known| title(l, &known.title))
}

/// The name of a list: that of its first template; the register has a name of its own.
pub fn list(l: L, templates: &Templates, list: &str) -> String {
    if list == "register" || list == BY_HAND {
        return l.t(&format!("intake-list-{list}"));
    }
    let known = templates.iter().find(|template| template.list == list);
    known.map_or_else(|| list.to_owned(), |known| title(l, &known.title))
}

/// The name of a department.
pub fn department(l: L, code: &str) -> String {
    if code == BY_HAND {
        return "—".to_owned();
    }
    l.find(&format!("department-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// The name of one of our fields.
pub fn field(l: L, code: &str) -> String {
    l.find(&format!("intake-field-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// The fields of a template with their names, in its order.
pub fn fields(l: L, template: &Template) -> Vec<(String, String)> {
    let columns = template.columns.iter();
    columns.map(|column| (column.field.clone(), field(l, &column.field))).collect()
}

/// `2026-10` for a whole month, otherwise both ends.
pub fn period(l: L, period: Period) -> String {
    let month = period.from.in_month();
    let whole = |month: Month| month.period() == period;
    if whole(month) {
        return month.to_string();
    }
    if period.from == period.to {
        return period.from.to_string();
    }
    l.t_args(
        "intake-period-from-to",
        &[("from", period.from.to_string().into()), ("to", period.to.to_string().into())],
    )
}

/// Where a batch is in its life.
pub fn state(l: L, state: BatchState) -> Chip {
    let (tone, icon) = match state {
        BatchState::Staging => (Tone::Grey, "clock"),
        BatchState::Ready => (Tone::Amber, "clock"),
        BatchState::Accepted => (Tone::Green, "check"),
        BatchState::Reverted | BatchState::Failed => (Tone::Red, "cross"),
        BatchState::Replaced => (Tone::Grey, "history"),
    };
    Chip::new(tone, l.t(&format!("intake-state-{state}"))).icon(icon)
}

/// The colour of an outcome.
pub fn tone(outcome: RowOutcome) -> Tone {
    match outcome {
        RowOutcome::Taken => Tone::Accent,
        RowOutcome::Asked => Tone::Amber,
        RowOutcome::Rejected => Tone::Red,
        RowOutcome::Duplicate | RowOutcome::NotHere => Tone::Grey,
    }
}

/// What became of a row.
pub fn outcome(l: L, outcome: RowOutcome) -> Chip {
    Chip::new(tone(outcome), l.t(&format!("intake-outcome-{outcome}")))
}

/// Why it became that. A code with a dot is a finding about a cell, which is worded where the finding stands.
pub fn reason(l: L, code: &str) -> String {
    let id = if code.contains('.') { "unreadable" } else { code };
    l.find(&format!("intake-reason-{id}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// What is wrong and what to do.
pub fn finding(l: L, found: &StoredFinding) -> (String, String) {
    let values: Vec<(&str, Arg)> = found
        .args
        .iter()
        .map(|(name, value)| {
            let shown = if name == "field" { field(l, value) } else { mask::runs(value) };
            (name.as_str(), Arg::Text(shown))
        })
        .collect();
    let what = word_of(l, "finding", &found.code, &values);
    let id = kernel::error::message_id("finding", &found.code);
    (what, l.find(&format!("{id}.advice"), &values).unwrap_or_default())
}

/// How serious a finding is.
pub fn severity(l: L, severity: Severity) -> Chip {
    let word = l.t(&format!("finding-severity-{severity}"));
    match severity {
        Severity::Error => Chip::new(Tone::Red, word).icon("bang"),
        Severity::Warning => Chip::new(Tone::Amber, word).icon("ask"),
        Severity::Note => Chip::new(Tone::Grey, word),
    }
}

/// `3.4 MB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        ..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ if bytes.is_multiple_of(1_048_576) => format!("{} MB", bytes / 1_048_576),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// `工作表!C17`, or only the cell in a text table.
pub fn place(sheet: &str, cell: &str) -> String {
    if sheet.is_empty() { cell.to_owned() } else { format!("{sheet}!{cell}") }
}

#[cfg(test)]
mod tests {
    use kernel::lang::Lang;

    use super::*;

    #[test]
    fn a_change_made_on_a_page_is_no_list_with_a_code_for_a_name() {
        for lang in [Lang::Zh, Lang::En] {
            let l = L::new(lang);
            let named = list(l, &Templates::shipped().unwrap(), BY_HAND);
            assert_eq!(named, l.t("intake-list-hand"));
            assert_ne!(named, BY_HAND);
            assert_eq!(department(l, BY_HAND), "—");
        }
    }
}
