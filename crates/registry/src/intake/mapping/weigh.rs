//! How surely one of their columns is one of ours: by the heading first, tempered by what the cells hold.

use sheets::{Heading, Row};

use crate::intake::content;
use crate::intake::headings::{Forms, Whose, plain_heading};
use crate::intake::template::{FieldType, Names, Template, TemplateColumn};

/// From here on a column is no guess.
pub(super) const SURE: u8 = 60;

/// One of their headings, made comparable.
pub(super) struct Theirs<'a> {
    pub(super) heading: &'a Heading,
    plain: String,
    grouped: String,
    forms: Forms,
    pub(super) whose: Whose,
    /// The heading is a role and nothing else.
    is_role: bool,
}

impl<'a> Theirs<'a> {
    pub(super) fn of(heading: &'a Heading, template: &Template) -> Self {
        let plain = plain_heading(&heading.text);
        Self {
            grouped: plain_heading(&format!("{}{}", heading.group, heading.text)),
            forms: Forms::of(&heading.text, &template.roles),
            whose: template.roles.whose(&plain),
            is_role: template.roles.is_own(&plain),
            plain,
            heading,
        }
    }
}

/// 0 to 100 for one of our columns and one of theirs: by the heading first, tempered by what the cells hold.
pub(super) fn confidence(
    template: &Template,
    column: &TemplateColumn,
    theirs: &Theirs<'_>,
    rows: &[Row],
) -> u8 {
    let words = by_heading(template, column, theirs);
    if words == 0 && !speaks_for_itself(column.kind) {
        return 0;
    }
    let Some(fit) = content::fit(column, theirs.heading.column, rows) else { return words };
    match words {
        0 if theirs.whose == Whose::Own
            && fit.filled > 0
            && fit.share() >= 80
            && speaks_for_itself(column.kind) =>
        {
            if fit.tells() >= 60 {
                SURE
            } else {
                45
            }
        }
        0 => 0,
        // one cell or two that do not fit may be the only ones that somebody spoiled
        words if fit.share() < 30 && fit.filled < 3 => words.min(70),
        words if fit.share() < 30 => words / 4,
        50..SURE if fit.filled > 0 && fit.share() >= 90 && is_measured(column.kind) => SURE,
        words => words,
    }
}

fn by_heading(template: &Template, column: &TemplateColumn, theirs: &Theirs<'_>) -> u8 {
    let own = column.headings.len();
    let mut best = 0u8;
    for (at, known) in column.known.iter().enumerate() {
        let exact = if at < own { 100 } else { 97 };
        let found = if theirs.plain == *known {
            exact
        } else if theirs.grouped == *known {
            exact - 2
        } else {
            0
        };
        best = best.max(found);
    }
    if best > 0 || is_not(column, theirs) {
        return best;
    }
    let about_a_person = matches!(
        column.kind,
        FieldType::Name
            | FieldType::Id
            | FieldType::Birth
            | FieldType::Sex
            | FieldType::Certificate
    );
    if about_a_person && theirs.whose == Whose::Other {
        return 0;
    }
    // 车主, 借款人: whom the row is about, and nothing said of what
    if column.kind == FieldType::Name && theirs.is_role {
        return 80;
    }
    let like = column.forms.iter().map(|known| theirs.forms.likeness(known)).max().unwrap_or(0);
    // a list about people may name the head of the household too
    let of_head = theirs.whose == Whose::Head && template.subject == Names::Person;
    if of_head && about_a_person { like.min(62) } else { like }
}

/// The template says that a column of this heading is something else.
pub(super) fn is_not(column: &TemplateColumn, theirs: &Theirs<'_>) -> bool {
    column.not.iter().any(|other| other.outside == theirs.forms.outside)
}

/// Whether the cells below a heading that says nothing to us speak for one of our columns.
pub(super) fn may_be(column: &TemplateColumn, theirs: &Theirs<'_>, rows: &[Row]) -> bool {
    if is_not(column, theirs) {
        return false;
    }
    let Some(fit) = content::fit(column, theirs.heading.column, rows).filter(|fit| fit.filled > 0)
    else {
        return false;
    };
    if column.kind == FieldType::Amount {
        let money = theirs.plain.contains(['额', '费', '款', '金', '价', '元'])
            || kernel::cells::Unit::declared_in(&theirs.heading.text).is_some();
        return money && fit.share() >= 90;
    }
    fit.tells() >= 60
}

/// How like the heading is to the headings of a column, in per cent; no matter whose it is.
pub(super) fn resemblance(column: &TemplateColumn, theirs: &Theirs<'_>) -> usize {
    column.forms.iter().map(|known| theirs.forms.resemblance(known)).max().unwrap_or(0)
}

/// Kinds whose cells show that they are of the kind.
fn is_measured(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Date
            | FieldType::Birth
            | FieldType::Amount
            | FieldType::Id
            | FieldType::Phone
            | FieldType::Certificate
            | FieldType::RollNumber
    )
}

fn speaks_for_itself(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Id | FieldType::Phone | FieldType::RollNumber | FieldType::Certificate
    )
}
