//! What an office sends is one of its own lists until the file itself says that it is another's.

use kernel::error::Result;
use sheets::Book;

use super::mapping::Mapping;
use super::reading::{self, SheetPlan};
use super::template::{Template, Templates};

/// Looks again, by the office's own templates alone, at sheets that were taken for a list of another office. A heading that
/// nobody has seen makes an own list look like another's: its columns are asked then. What names itself another office's
/// list stays that.
///
/// # Errors
/// A refusal when a sheet is damaged.
pub(super) fn first(
    plans: &mut [SheetPlan],
    (book, file): (&mut Book, &str),
    (templates, office): (&Templates, &str),
) -> Result<()> {
    let is_other = |plan: &SheetPlan| {
        template_of(templates, plan).is_some_and(|template| template.department != office)
    };
    if !plans.iter().any(is_other) {
        return Ok(());
    }
    let own = templates.of_office(office);
    let again = reading::plan(book, file, &own, &|_| None)?;
    for (plan, mine) in plans.iter_mut().zip(again) {
        if !is_other(plan) {
            continue;
        }
        let (other, sure) = (template_of(templates, plan), is_sure(plan.mapping.as_ref()));
        let around = around(plan, file);
        let own_speaks = own.iter().any(|template| speaks(template, &around));
        let other_speaks = other.is_some_and(|template| speaks(template, &around));
        let is_theirs = match &mine.mapping {
            Some(_) => sure && other_speaks && !own_speaks,
            None => !own_speaks && (sure || other_speaks),
        };
        if !is_theirs {
            plan.mapping = mine.mapping;
        }
    }
    Ok(())
}

fn template_of<'t>(templates: &'t Templates, plan: &SheetPlan) -> Option<&'t Template> {
    templates.get(&plan.mapping.as_ref()?.template)
}

fn is_sure(mapping: Option<&Mapping>) -> bool {
    mapping.is_some_and(Mapping::is_sure)
}

/// All that stands around the rows and may name the list.
fn around(plan: &SheetPlan, file: &str) -> String {
    let titles = plan.layout.iter().flat_map(|layout| &layout.titles);
    let titles: Vec<&str> = titles.map(|(_, text)| text.as_str()).collect();
    format!("{} {} {file}", titles.join(" "), plan.sheet)
}

fn speaks(template: &Template, around: &str) -> bool {
    template.words.iter().any(|word| around.contains(word.as_str()))
}
