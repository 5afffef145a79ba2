//! The clerk who writes the lists: shows people as a list shows them, and puts in strangers, blanks and remarks.

use kernel::time::Month;
use sheets::FormCell;

use super::dice::Dice;
use super::events::{Events, Span, Who};
use super::mess::Pen;
use super::people::{Household, Maker, Person};
use super::place::Places;
use super::sheet::{Binder, Rows};
use super::words::Words;

/// Everything that the lists are written from.
pub struct Scribe<'a> {
    /// The families.
    pub households: &'a [Household],
    /// What happened.
    pub events: &'a Events,
    /// Words.
    pub words: &'a Words,
    /// Places.
    pub places: &'a Places,
    /// Months.
    pub span: &'a Span,
    /// Where finished lists go.
    pub binder: Binder<'a>,
    /// Makes people who are not in the register.
    pub strangers: Maker<'a>,
    /// Chance.
    pub dice: Dice,
}

impl<'a> Scribe<'a> {
    /// A pen for one list.
    pub fn pen(&self, list: &str) -> Pen<'a> {
        Pen::new(self.dice.apart(list), self.words)
    }

    /// Household and person.
    pub fn find(&self, who: Who) -> Option<(&'a Household, &'a Person)> {
        let household = self.households.get(who.0)?;
        Some((household, household.members.get(who.1)?))
    }

    /// 沁县牛寺乡西汤村3组.
    pub fn address(&self, pen: &mut Pen<'_>, household: &Household) -> String {
        let (village, former) =
            (self.places.village(household.village), self.places.former(household.village));
        let village = pen.village(village, former);
        let town = self.places.town_of(household.village);
        format!("{}{town}{village}{}组", self.places.county, household.group)
    }

    /// Township and village, as this clerk writes them.
    pub fn town_and_village(&self, pen: &mut Pen<'_>, village: usize) -> (String, String) {
        let town = pen.town(self.places.town_of(village));
        (town, pen.village(self.places.village(village), self.places.former(village)))
    }

    /// Somebody who is not in the register.
    pub fn stranger(&mut self) -> Person {
        let family = self.strangers.dice.letter(&self.words.surnames);
        let (age, man) = (self.strangers.dice.between(25, 79), self.strangers.dice.often(500));
        self.strangers.person(("户主", age, man), family)
    }

    /// The months of the lists, each with its place.
    pub fn months(&self) -> Vec<(usize, Month)> {
        self.span.months().into_iter().enumerate().collect()
    }
}

/// The rows with their running numbers in the first column.
pub fn numbered(rows: Rows) -> Rows {
    let number = |(at, mut row): (usize, Vec<FormCell>)| {
        let mut all = vec![FormCell::Number((at + 1) as f64)];
        all.append(&mut row);
        all
    };
    rows.into_iter().enumerate().map(number).collect()
}

/// A remark on a line of its own, and a blank line, as they stand in lists that were put together by hand.
pub fn disturbed(mut rows: Rows, pen: &mut Pen<'_>, words: &Words) -> Rows {
    if rows.len() > 8 && pen.dice.often(400) {
        let at = pen.dice.below(rows.len());
        rows.insert(at, vec![pen.dice.word(&words.comments).into()]);
    }
    if rows.len() > 8 && pen.dice.often(400) {
        let at = pen.dice.below(rows.len() - 1) + 1;
        rows.insert(at, Vec::new());
    }
    rows
}

/// 男 or 女.
pub fn sex(one: &Person) -> FormCell {
    if one.man { "男".into() } else { "女".into() }
}
