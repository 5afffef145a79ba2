//! What must be said of whole sheets: one that was left unread, one that was read though it or some of its rows are hidden,
//! and a register that cannot be told apart.

use kernel::error::{Refusal, Result};
use kernel::finding::{Finding, Place, Severity};

use super::mapping;
use super::reading::SheetPlan;
use super::template::Templates;

/// Headings that a table has at least; a line of remarks has fewer.
const TABLE: usize = 3;

/// A finding for each sheet that needs one.
pub(super) fn of(file: &str, plans: &[SheetPlan]) -> Vec<Finding> {
    let said = |plan: &SheetPlan| {
        let layout = plan.layout.as_ref().filter(|_| plan.filled)?;
        let code = match &plan.mapping {
            None if layout.headings.len() >= TABLE => "intake.sheet_not_read",
            Some(_) if plan.hidden => "intake.sheet_hidden",
            Some(_) if plan.hidden_rows > 0 => "intake.rows_hidden",
            _ => return None,
        };
        let place = Place::file(file).sheet(&*plan.sheet).row(layout.last_row);
        let finding = Finding::new(code, Severity::Warning).at(place);
        Some(match code {
            "intake.rows_hidden" => finding.arg("count", plan.hidden_rows.to_string()),
            _ => finding,
        })
    };
    plans.iter().filter_map(said).collect()
}

/// A register has a sheet of households and a sheet of people. In one flat sheet every household would stand as often as it
/// has people, and nobody would be taken.
///
/// # Errors
/// Invalid when one sheet is both and the file has no other.
pub(super) fn refuse_flat(plans: &[SheetPlan], templates: &Templates) -> Result<()> {
    const BOTH: [&str; 2] = ["register_households", "register_persons"];
    let read_as = |plan: &SheetPlan| plan.mapping.as_ref().map(|mapping| mapping.template.clone());
    for plan in plans {
        let Some(is) = read_as(plan) else { continue };
        let other = BOTH.iter().filter(|one| **one != is).find_map(|one| templates.get(one));
        let (Some(other), Some(layout)) = (other, &plan.layout) else { continue };
        let elsewhere = plans.iter().any(|plan| read_as(plan).as_ref() == Some(&other.id));
        if !elsewhere && mapping::map(other, layout, &[]).is_sure() {
            let refusal = Refusal::invalid("intake.register_in_one");
            return Err(refusal.arg("sheet", &plan.sheet).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sheets::{Cell, Row, find_layout};

    use super::*;
    use crate::intake::mapping::Mapping;
    use crate::intake::period::Said;

    #[test]
    fn hidden_sheets_that_are_read_and_tables_that_are_not_are_told() {
        let words = ["科室", "座机", "房间"].map(|word| Cell::Text(word.to_owned()));
        let heading = Row { number: 1, cells: words.to_vec(), spread: Vec::new() };
        let plan = |(hidden, hidden_rows), read, filled| SheetPlan {
            index: 0,
            sheet: "二月".into(),
            hidden,
            hidden_rows,
            layout: find_layout(std::slice::from_ref(&heading), &|_| true),
            mapping: Some(Mapping {
                template: "medical_stays".into(),
                columns: Vec::new(),
                unused: Vec::new(),
                missing: Vec::new(),
                confidence: 90,
                remembered: false,
            })
            .filter(|_| read),
            signature: String::new(),
            said: Said::default(),
            filled,
        };
        for (hidden, read, filled, code) in [
            ((true, 0), true, true, Some("intake.sheet_hidden")),
            ((false, 4), true, true, Some("intake.rows_hidden")),
            ((false, 4), true, false, None),
            ((false, 0), true, true, None),
            ((false, 4), false, true, Some("intake.sheet_not_read")),
            ((false, 0), false, false, None),
        ] {
            let found = of("a.xlsx", &[plan(hidden, read, filled)]);
            assert_eq!(found.first().map(|finding| finding.code.as_ref()), code);
        }
    }
}
