//! Sums of what came and went against the counts, for whatever is heard.

use kernel::area::AreaCode;
use kernel::time::Day;
use proptest::prelude::*;
use registry::past::{Asked, Known};

use super::model::*;
use crate::indicators::part_of;

const VILLAGES: [&str; 4] = ["140430203201", "140430203202", "140430204201", "140430204202"];

fn place(at: usize) -> Place {
    Place { household: format!("h{at}"), village: VILLAGES[at % 4].parse().unwrap() }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn each_day_is_taken_as_it_was_known_unless_the_address_says_otherwise() {
    let today = day("2026-10-31");
    let read = |from, to| Asking::read(from, to, today).unwrap();
    let then = |day, known| Some(Asked { day, known: Some(Known::On(known)) });
    let first = day("2026-10-01");
    assert_eq!(
        read((Some("2026-10-01"), None), (None, None)),
        Asking { from: then(first, first), to: None }
    );
    // the same day, known later: what was corrected since
    let corrected = read((Some("2026-10-01"), None), (Some("2026-10-01"), Some("2026-10-20")));
    assert_eq!(corrected.to, then(first, day("2026-10-20")));
    assert_eq!(read((None, None), (None, None)).from.unwrap().day, day("2026-09-30"));
    assert!(Asking::read((Some("2026-11-01"), None), (None, None), today).is_err());
    assert_eq!(
        Asking::texts(corrected.to, today),
        ("2026-10-01".to_owned(), "2026-10-20".to_owned())
    );
}

proptest! {
    #[test]
    fn what_came_less_what_went_is_the_difference_in_every_area(
        seen in proptest::collection::vec((any::<bool>(), 0_usize..3, 0_usize..9, 0_usize..8), 0..80),
    ) {
        let mut tally = Tally::default();
        for (first, line, key, at) in &seen {
            let side = if *first { Side::From } else { Side::To };
            let line = tally.line(&format!("line{line}"));
            tally.saw(side, line, (&format!("k{key}"), place(*at)));
        }
        let found = tally.done();
        let areas = ["140430000000", "140430203000", "140430203201"].map(|code| Some(code.parse::<AreaCode>().unwrap()));
        for area in areas.into_iter().chain([None]) {
            let counted: i64 = found.figures(area).iter().map(|figure| figure.from + figure.to).sum();
            let heard = seen.iter().filter(|one| area.is_none_or(|area| area.contains(place(one.3).village)));
            prop_assert_eq!(counted, heard.count() as i64);
            for (line, figure) in found.figures(area).iter().enumerate() {
                prop_assert_eq!(figure.came - figure.went, figure.more());
                for (part, figure) in found.places(line, area, part_of) {
                    prop_assert_eq!(figure.came - figure.went, figure.more(), "{}", part);
                    prop_assert_eq!(figure, found.figures(Some(part))[line]);
                }
            }
        }
    }

    #[test]
    fn the_same_seen_on_both_days_in_any_order_leaves_nothing(
        seen in proptest::collection::vec((0_usize..3, 0_usize..9, 0_usize..8), 0..40),
        turn in 0_usize..40,
    ) {
        // a thing is at one place
        let mut all: Vec<(usize, usize, usize)> = Vec::new();
        for one in seen {
            if !all.iter().any(|known| (known.0, known.1) == (one.0, one.1)) {
                all.push(one);
            }
        }
        let mut tally = Tally::default();
        let mut turned = all.clone();
        turned.rotate_left(turn.min(all.len()));
        for (side, all) in [(Side::From, &all), (Side::To, &turned)] {
            for (line, key, at) in all {
                let line = tally.line(&format!("line{line}"));
                tally.saw(side, line, (&format!("k{key}"), place(*at)));
            }
        }
        prop_assert!(tally.done().items.is_empty());
    }
}
