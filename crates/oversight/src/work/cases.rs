//! What of cases, help and questions about the record a person has to do: what is due and what is late, and nobody's order.

use casework::cases::{Recalled, Turn, Wanted};
use casework::{assistance, cases, quality};
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::L;
use web::ui::{Chip, Clock, Tone};

use super::gather::{Board, MOST, Show, may};
use super::item::{Item, first_of};
use super::pages::Line;

/// Cases in which it is the person's turn, by their clocks: the numbers, and those that are asked for.
pub(super) fn gather(ctx: &Ctx, show: Show, board: &mut Board) -> Result<()> {
    if !may(ctx, Permission::CaseSee) {
        return Ok(());
    }
    let turns = cases::work_counts(ctx)?;
    let [today, over, new, _] = &mut board.numbers;
    *today += turns.due_today;
    *over += turns.overdue;
    *new += turns.fresh;
    let (wanted, all, narrowed) = match show {
        Show::All => (Wanted::All, turns.all, "any"),
        Show::Today => (Wanted::Today, turns.due_today, "day"),
        Show::Over => (Wanted::Over, turns.overdue, "overdue"),
        Show::New => (Wanted::Fresh, turns.fresh, "new"),
        Show::Waiting => return Ok(()),
    };
    if all == 0 {
        return Ok(());
    }
    let shown = cases::work_items(ctx, wanted, MOST)?;
    if let Some(first) = shown.first().filter(|_| all > MOST) {
        board.items.push(Item::Cases(all, narrowed, first.line.owner.clone()));
    }
    board.items.extend(shown.into_iter().map(|turn| Item::Case(Box::new(turn))));
    Ok(())
}

/// What has no clock of a case: papers that are still to come, help that was promised, questions of offices, questions
/// about the record.
pub(super) fn beside(ctx: &Ctx) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    if may(ctx, Permission::CaseWork) {
        let said = cases::open_objections(ctx, MOST)?;
        items.extend(said.into_iter().map(|one| Item::Objected(Box::new(one))));
        let split = cases::splits_to_check(ctx, MOST)?;
        items.extend(split.into_iter().map(|one| Item::Split(Box::new(one))));
        let (papers, _) = cases::papers_to_come(ctx, MOST)?;
        items.extend(papers.into_iter().map(|one| Item::Papers(Box::new(one))));
    }
    if may(ctx, Permission::CaseApprove) {
        items.extend(cases::taking_over(ctx)?.map(|(taken, of)| Item::TakenOver(taken, of)));
    }
    if may(ctx, Permission::AssistanceDeliver) {
        let (due, over) = assistance::count_open(ctx)?;
        items.extend((due > 0).then_some(Item::Measures(due, over)));
    }
    if may(ctx, Permission::CaseCompare) && ctx.actor.department.is_some() {
        let asked = cases::waiting(ctx, None)?.len();
        items.extend((asked > 0).then_some(Item::Compared(asked)));
    }
    if may(ctx, Permission::CheckAnswer) {
        let open = quality::count_open_at_once(ctx)?;
        items.extend((open != Some(0)).then_some(Item::Checks(open)));
    }
    Ok(items)
}

/// A case as a line.
pub(super) fn line(l: L, turn: &Turn, today: Day) -> Line {
    let case = &turn.line;
    let who = if case.head.is_empty() { &case.household_number } else { &case.head };
    let group = case.group.as_deref().unwrap_or_default();
    let chip = if case.urgent {
        Chip::new(Tone::Red, l.t("work-case-urgent")).icon("bang")
    } else {
        Chip::new(Tone::Grey, l.t("work-case"))
    };
    Line {
        what: if l.is_zh() { turn.title.zh.clone() } else { turn.title.en.clone() },
        chip: Some(chip),
        why: case.number.clone(),
        who: who.clone(),
        place: format!("{} {group}", case.village.1).trim().to_owned(),
        clock: first_of(case.due, case.total_due).map(|due| Clock::new(l, today, due)),
        act: l.t("work-case-do"),
        href: format!("/cases/{}", case.id),
    }
}

/// A paper that is still to come as a line.
pub(super) fn paper_line(l: L, one: &Recalled) -> Line {
    Line {
        what: l.t("work-papers"),
        chip: None,
        why: l.t1("work-papers-why", "since", one.reminder.since.to_string()),
        who: one.who.clone(),
        place: one.village.clone(),
        clock: None,
        act: l.t("work-papers-do"),
        href: format!("/cases/{}?do=consent#do", one.case.0),
    }
}

/// An objection that waits for an answer as a line.
pub(super) fn objected_line(l: L, one: &Recalled) -> Line {
    let seq = &one.reminder.about;
    Line {
        what: l.t("work-objected"),
        chip: None,
        why: l.t1("work-objected-why", "day", one.reminder.day.to_string()),
        who: one.who.clone(),
        place: one.village.clone(),
        clock: None,
        act: l.t("work-objected-do"),
        href: format!("/cases/{}?do=objection-{seq}#do", one.case.0),
    }
}

/// A household that split off a monitored one as a line.
pub(super) fn split_line(l: L, one: &Recalled) -> Line {
    Line {
        what: l.t("work-split"),
        chip: None,
        why: l.t1("work-split-why", "day", one.reminder.day.to_string()),
        who: one.who.clone(),
        place: one.village.clone(),
        clock: None,
        act: l.t("work-split-do"),
        href: format!("/cases/{}#splits", one.case.0),
    }
}

/// How many more cases there are, with their list narrowed in the same way.
pub(super) fn more(l: L, (all, narrowed): (i64, &str), (owner, today): (&str, Day)) -> Line {
    let due = match narrowed {
        "new" => format!("&since={}", today.add_days(-1)),
        due => format!("&due={due}"),
    };
    super::pages::plain(
        l,
        "cases",
        l.t1("work-cases-why", "n", all),
        &format!("/cases?owner={owner}{due}"),
    )
}
