//! From the rows of the lists to the event facts. The same event told twice (the same file again, next month's file)
//! counts once.

use kernel::ids::PersonId;
use kernel::time::Day;

use super::events::EventFacts;
use super::input::{Origin, Surroundings, Turn, Windows};
use super::picture::Picture;
use super::read::{BadBody, Reader, Told};
use super::trace::Trace;
use crate::circumstances::topics::{
    Body, CertificateChange, Complaint, DisabilityCertificate, DisasterLoss, DropoutState,
    DropoutSuspect, HospitalStay, HouseGradeRow, JobChange, JobEvent, LoanState, ReliefKind,
    SchoolRoll, SocialAssistance, Vehicle,
};

/// The household being derived: its people, its window, and who listens.
pub(super) struct Scene<'a, T> {
    pub people: &'a [Picture],
    /// Those of whom events count: who is here, and who went on to another household after the event.
    pub counted: &'a [PersonId],
    pub reader: &'a Reader<'a>,
    pub windows: Windows,
    pub around: &'a Surroundings,
    pub turn: &'a mut Turn,
    pub trace: &'a mut T,
}

/// All event facts of a household.
pub(super) fn events<T: Trace>(scene: &mut Scene<'_, T>) -> Result<EventFacts, BadBody> {
    let mut facts =
        EventFacts { disaster_loss: Some(0), disaster_count: Some(0), ..EventFacts::default() };
    scene.departures(&mut facts);
    scene.bills(&mut facts)?;
    scene.school(&mut facts)?;
    scene.relief(&mut facts)?;
    scene.certificates(&mut facts)?;
    scene.houses(&mut facts)?;
    scene.jobs(&mut facts)?;
    scene.losses(&mut facts)?;
    scene.loans(&mut facts)?;
    scene.vehicles(&mut facts)?;
    scene.tickets(&mut facts)?;
    facts.water_outage_days = scene.around.water_outage_days;
    for row in &scene.around.water_outage_rows {
        scene.trace.saw("water_outage_days", *row);
    }
    Ok(facts)
}

fn add(sum: &mut Option<i64>, amount: i64) {
    *sum = Some(sum.unwrap_or(0).saturating_add(amount));
}

/// Raises the highest; whether this amount is the new one, so that its row alone stands behind it.
fn tops(highest: &mut Option<i64>, amount: i64) -> bool {
    let new = highest.is_none_or(|so_far| amount > so_far);
    if new {
        *highest = Some(amount);
    }
    new
}

impl<T: Trace> Scene<'_, T> {
    fn saw(&mut self, column: &'static str, origin: Origin) {
        self.trace.saw(column, origin);
    }

    /// Events of the window, in the order in which they became known, each once; of people who still belong here.
    fn living<B: Body, K: PartialEq>(
        &mut self,
        key: impl Fn(&Told<B>) -> K,
    ) -> Result<Vec<Told<B>>, BadBody> {
        let mut told = self.of_anybody(key)?;
        told.retain(|one| self.counts(one.person));
        Ok(told)
    }

    /// The same, also of people who died or moved out since.
    fn of_anybody<B: Body, K: PartialEq>(
        &mut self,
        key: impl Fn(&Told<B>) -> K,
    ) -> Result<Vec<Told<B>>, BadBody> {
        let mut told = self.reader.all::<B>()?;
        told.iter().for_each(|one| self.turn.event(one.day));
        told.retain(|one| self.windows.holds(one.day));
        told.sort_by_key(|one| one.order);
        Ok(once(told, key))
    }

    /// How the latest list says things stand.
    fn latest<B: Body, K: PartialEq>(
        &self,
        key: impl Fn(&Told<B>) -> K,
    ) -> Result<Vec<Told<B>>, BadBody> {
        let mut told = self.reader.all::<B>()?;
        let newest = told.iter().map(|one| one.day).max();
        told.retain(|one| {
            let latest = self.around.is_latest(B::TOPIC, one.origin.batch);
            latest.unwrap_or(Some(one.day) == newest) && self.counts(one.person)
        });
        told.sort_by_key(|one| one.order);
        Ok(once(told, key))
    }

    /// A record of nobody in particular counts for the household.
    fn counts(&self, person: Option<PersonId>) -> bool {
        person.is_none_or(|id| self.counted.contains(&id))
    }

    fn departures(&mut self, facts: &mut EventFacts) {
        for one in self.people {
            let Some(gone) = one.gone else { continue };
            self.turn.event(gone.day);
            if !self.windows.holds(gone.day) {
                continue;
            }
            let origin = gone.origin.or(one.from.register);
            let mut saw = |column| origin.into_iter().for_each(|row| self.trace.saw(column, row));
            if gone.died {
                add(&mut facts.deaths_12m, 1);
                saw("deaths_12m");
                facts.head_died = Some(facts.head_died == Some(true) || one.is_head());
                add(&mut facts.labour_died, i64::from(one.is_able()));
                if one.is_head() {
                    saw("head_died");
                }
                if one.is_able() {
                    saw("labour_died");
                }
            } else {
                add(&mut facts.moved_out_12m, 1);
                saw("moved_out_12m");
            }
        }
    }

    fn bills(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<HospitalStay>| {
            (one.person, one.day, one.body.total_fen, one.body.out_of_pocket_fen)
        };
        let mut dearest = None;
        for bill in self.of_anybody(key)? {
            let paid = bill.body.out_of_pocket_fen.unwrap_or(0);
            add(&mut facts.hospital_stays, 1);
            add(&mut facts.oop_12m, paid);
            if tops(&mut facts.oop_max_stay, paid) {
                dearest = Some(bill.origin);
            }
            add(&mut facts.hospital_total_12m, bill.body.total_fen.unwrap_or(0));
            self.saw("oop_12m", bill.origin);
        }
        dearest.into_iter().for_each(|row| self.saw("oop_max_stay", row));
        Ok(())
    }

    fn school(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let mut roll = self.living(|one: &Told<SchoolRoll>| one.origin)?;
        roll.retain(|one| {
            one.body.own_cost_fen.is_some()
                && one.body.term.as_deref().is_none_or(|term| term.ends_with("autumn"))
        });
        // the newest autumn roll of each student; a row that came twice stands once
        roll.sort_by_key(|one| std::cmp::Reverse(one.order));
        for pupil in once(roll, |one| one.person) {
            let cost = pupil.body.own_cost_fen.unwrap_or(0);
            add(&mut facts.edu_cost, cost);
            add(&mut facts.students_paying, i64::from(cost > 0));
            self.saw("edu_cost", pupil.origin);
        }
        for child in self.latest(|one: &Told<DropoutSuspect>| one.person)? {
            match child.body.state {
                Some(DropoutState::Suspected) => {
                    add(&mut facts.dropout_suspects, 1);
                    self.saw("dropout_suspects", child.origin);
                }
                Some(DropoutState::SickLeave) => {
                    add(&mut facts.sick_leave_pupils, 1);
                    self.saw("sick_leave_pupils", child.origin);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn relief(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<SocialAssistance>| {
            (one.person, one.day, one.body.kind, one.body.amount_fen)
        };
        for change in self.living(key)? {
            let (column, sum, by) = match change.body.kind {
                Some(ReliefKind::DibaoNew) => ("dibao_new_12m", &mut facts.dibao_new_12m, 1),
                Some(ReliefKind::DibaoStopped) => {
                    ("dibao_stopped_12m", &mut facts.dibao_stopped_12m, 1)
                }
                Some(ReliefKind::TekunNew) => ("tekun_new_12m", &mut facts.tekun_new_12m, 1),
                Some(ReliefKind::TemporaryRelief) => {
                    let paid = change.body.amount_fen.unwrap_or(0);
                    ("temp_relief_12m", &mut facts.temp_relief_12m, paid)
                }
                Some(ReliefKind::TekunStopped) | None => continue,
            };
            add(sum, by);
            self.saw(column, change.origin);
        }
        Ok(())
    }

    fn certificates(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<DisabilityCertificate>| (one.person, one.day, one.body.change);
        for paper in self.living(key)? {
            if !matches!(
                paper.body.change,
                Some(CertificateChange::New | CertificateChange::Regraded)
            ) {
                continue;
            }
            add(&mut facts.disabled_new_12m, 1);
            self.saw("disabled_new_12m", paper.origin);
            if paper.body.level.is_some_and(|level| level <= 2) {
                add(&mut facts.disabled_severe_new_12m, 1);
                self.saw("disabled_severe_new_12m", paper.origin);
            }
        }
        Ok(())
    }

    fn houses(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let mut worst: Option<&'static str> = None;
        let graded = self.living(|one: &Told<HouseGradeRow>| one.origin)?;
        for house in &graded {
            // the same head's house may stand on a later list with another state: the newest row speaks
            let outdated = graded
                .iter()
                .any(|other| other.person == house.person && other.order > house.order);
            let open = house.body.state.is_none_or(|state| state.is_open());
            let Some(grade) = house.body.grade.filter(|_| open && !outdated) else { continue };
            let code = grade.code();
            if matches!(code, "C" | "D") {
                worst = worst.max(Some(code));
                self.saw("house_cd", house.origin);
            }
        }
        if !graded.is_empty() {
            facts.house_cd = Some(worst.unwrap_or("").to_owned());
        }
        Ok(())
    }

    fn jobs(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let told = self.living(|one: &Told<JobEvent>| {
            (one.person, one.day, one.body.change, one.body.reemployed)
        })?;
        let mut longest = None;
        for event in &told {
            match event.body.change {
                Some(JobChange::Lost | JobChange::CameHome) if self.out_of_work(event, &told) => {
                    add(&mut facts.jobless_count, 1);
                    if tops(&mut facts.jobless_days, event.day.days_until(self.windows.day)) {
                        longest = Some(event.origin);
                    }
                    self.saw("jobless_count", event.origin);
                    self.turn.on(self.windows.day.add_days(1));
                }
                Some(JobChange::Unpaid) => {
                    add(&mut facts.unpaid_wages, event.body.unpaid_fen.unwrap_or(0));
                    self.saw("unpaid_wages", event.origin);
                }
                _ => {}
            }
        }
        longest.into_iter().for_each(|row| self.saw("jobless_days", row));
        Ok(())
    }

    /// Not re-employed by the day, and not told again later about the same loss.
    fn out_of_work(&self, event: &Told<JobEvent>, told: &[Told<JobEvent>]) -> bool {
        let works = |one: &Told<JobEvent>| match one.body.reemployed_on {
            Some(since) => since <= self.windows.day,
            None => one.body.reemployed == Some(true),
        };
        let same = |other: &&Told<JobEvent>| {
            other.person == event.person
                && other.day == event.day
                && other.body.change == event.body.change
        };
        !told.iter().filter(same).any(works)
            && told.iter().filter(same).map(|one| one.order).max() == Some(event.order)
    }

    fn losses(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<DisasterLoss>| {
            (
                one.person,
                one.body.event.clone().or_else(|| Some(format!("{}{:?}", one.day, one.body.kind))),
            )
        };
        for loss in self.of_anybody(key)? {
            add(&mut facts.disaster_loss, loss.body.loss_fen.unwrap_or(0));
            add(&mut facts.disaster_count, 1);
            self.saw("disaster_loss", loss.origin);
        }
        Ok(())
    }

    fn loans(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<LoanState>| match one.body.loan_number.clone() {
            Some(number) => (Some(number), None),
            None => (None, Some((one.person, one.body.granted_on, one.body.amount_fen))),
        };
        let mut longest = None;
        for loan in self.latest(key)? {
            add(&mut facts.loan_balance, loan.body.balance_fen.unwrap_or(0));
            let overdue = loan.body.overdue_fen.unwrap_or(0);
            add(&mut facts.loan_overdue, overdue);
            if tops(&mut facts.loan_overdue_days, loan.body.overdue_days.unwrap_or(0)) {
                longest = Some(loan.origin);
            }
            self.saw("loan_balance", loan.origin);
            if overdue > 0 {
                self.saw("loan_overdue", loan.origin);
            }
        }
        longest.into_iter().for_each(|row| self.saw("loan_overdue_days", row));
        Ok(())
    }

    fn vehicles(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<Vehicle>| (one.person, one.body.plate.clone(), one.body.price_fen);
        let mut dearest = None;
        for vehicle in self.latest(key)? {
            add(&mut facts.vehicles, 1);
            if tops(&mut facts.vehicle_max_value, vehicle.body.price_fen.unwrap_or(0)) {
                dearest = Some(vehicle.origin);
            }
            self.saw("vehicles", vehicle.origin);
        }
        dearest.into_iter().for_each(|row| self.saw("vehicle_max_value", row));
        Ok(())
    }

    fn tickets(&mut self, facts: &mut EventFacts) -> Result<(), BadBody> {
        let key = |one: &Told<Complaint>| match one.body.ticket.clone() {
            Some(ticket) => (Some(ticket), None),
            None => (None, Some((one.day, one.body.text.clone()))),
        };
        for ticket in self.living(key)? {
            add(&mut facts.complaints_12m, 1);
            self.saw("complaints_12m", ticket.origin);
            let (column, count) = match ticket.body.category.as_deref() {
                Some("生活困难") => ("complaints_hardship", &mut facts.complaints_hardship),
                Some("饮水") => ("complaints_water", &mut facts.complaints_water),
                Some("住房") => ("complaints_housing", &mut facts.complaints_housing),
                _ => continue,
            };
            add(count, 1);
            self.saw(column, ticket.origin);
        }
        Ok(())
    }
}

/// Keeps the first of those with the same key.
fn once<B, K: PartialEq>(told: Vec<Told<B>>, key: impl Fn(&Told<B>) -> K) -> Vec<Told<B>> {
    let mut seen: Vec<K> = Vec::new();
    let mut kept = Vec::with_capacity(told.len());
    for one in told {
        let this = key(&one);
        if !seen.contains(&this) {
            seen.push(this);
            kept.push(one);
        }
    }
    kept
}

/// Days without water within the last twelve months: overlapping outages are not counted twice.
pub(super) fn dry_days(outages: &[(Day, Option<Day>)], windows: Windows) -> i64 {
    let mut spans: Vec<(Day, Day)> = outages
        .iter()
        .map(|(from, to)| ((*from).max(windows.from), to.unwrap_or(windows.day).min(windows.day)))
        .filter(|(from, to)| from < to)
        .collect();
    spans.sort();
    let (mut days, mut until) = (0, windows.from);
    for (from, to) in spans {
        let from = from.max(until);
        if from < to {
            days += from.days_until(to);
            until = to;
        }
    }
    days
}
