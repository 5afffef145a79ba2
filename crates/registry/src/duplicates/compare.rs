//! Two records side by side: what each says line by line, what differs marked, and what is preselected for a merge.

use kernel::idnumber::Sex;
use store::Keys;
use web::L;
use web::ui::{Diff, differences};

use super::queries::{Kind, Side};
use crate::intake::masked_pair;

/// One line of the comparison.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) left: Diff,
    pub(super) right: Diff,
    pub(super) same: bool,
}

fn opened(keys: &Keys, sealed: Option<&String>) -> String {
    sealed.and_then(|text| keys.open_text(text).ok()).unwrap_or_default()
}

fn unmarked(left: &str, right: &str) -> (Diff, Diff) {
    (differences(left, left).0, differences(right, right).0)
}

fn joined(l: L, words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(if l.is_zh() { "、" } else { ", " })
}

fn statuses(l: L, side: &Side) -> String {
    joined(
        l,
        side.statuses.iter().map(|(scheme, value)| {
            let id = format!("households-status-{scheme}-{value}");
            l.find(&id, &[]).unwrap_or_else(|| value.clone())
        }),
    )
}

fn lists(l: L, side: &Side) -> String {
    joined(
        l,
        side.lists.iter().map(|(department, list, n)| {
            let word = l.find(&format!("intake-list-{list}"), &[]).unwrap_or_else(|| list.clone());
            let office = l
                .find(&format!("department-{department}"), &[])
                .unwrap_or_else(|| department.clone());
            let word = format!("{office} {word}");
            if *n > 1 { format!("{word} ×{n}") } else { word }
        }),
    )
}

/// The lines of a pair; numbers of identity and phones with stars where they agree, unless `open` is false: then the phones
/// and numbers are left out.
pub(super) fn lines(
    l: L,
    keys: &Keys,
    (kind, open): (Kind, bool),
    (one, other): (&Side, &Side),
) -> Vec<Line> {
    let (mut ids, mut phones) = ((String::new(), String::new()), (String::new(), String::new()));
    if open {
        ids = masked_pair(
            &opened(keys, one.id_sealed.as_ref()),
            &opened(keys, other.id_sealed.as_ref()),
        );
        phones = masked_pair(
            &opened(keys, one.phone_sealed.as_ref()),
            &opened(keys, other.phone_sealed.as_ref()),
        );
    }
    let both = |read: &dyn Fn(&Side) -> String| (read(one), read(other));
    let sex = |side: &Side| match side.sex.as_deref().and_then(Sex::read) {
        Some(sex) => l.t(&format!("households-sex-{}", sex.text())),
        None => String::new(),
    };
    let day = |day: Option<kernel::time::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let kin = |side: &Side| {
        side.kin.as_ref().map(|kin| l.t(&format!("households-kin-{kin}"))).unwrap_or_default()
    };
    let state = |side: &Side| {
        if side.id_state == "ok" {
            String::new()
        } else {
            l.t(&format!("people-id-{}", side.id_state))
        }
    };
    let household =
        |side: &Side| if kind == Kind::Person { side.household.clone() } else { String::new() };
    let members = |side: &Side| joined(l, side.members.iter().map(|(_, name)| name.clone()));
    let all = [
        ("name", both(&|side| side.name.clone())),
        ("number", both(&|side| side.number.clone())),
        ("id", ids),
        ("id_state", both(&state)),
        ("sex", both(&sex)),
        ("birth", both(&|side| day(side.birth))),
        ("died", both(&|side| day(side.died))),
        ("phone", phones),
        ("household", both(&household)),
        ("town", both(&|side| side.place.1.clone())),
        ("village", both(&|side| side.place.0.clone())),
        ("group", both(&|side| text(&side.group))),
        ("address", both(&|side| text(&side.address))),
        ("kin", both(&kin)),
        ("since", both(&|side| text(&side.since))),
        ("members", both(&members)),
        ("statuses", both(&|side| statuses(l, side))),
        ("lists", both(&|side| lists(l, side))),
    ];
    all.into_iter()
        .filter(|(_, (left, right))| !left.is_empty() || !right.is_empty())
        .map(|(id, (left, right))| {
            let compared =
                !left.is_empty() && !right.is_empty() && !matches!(id, "lists" | "statuses");
            let (a, b) =
                if compared { differences(&left, &right) } else { unmarked(&left, &right) };
            Line {
                label: l.t(&format!("duplicates-line-{id}")),
                left: a,
                right: b,
                same: compared && left == right,
            }
        })
        .collect()
}

/// Whether the second of two is the better one to stay: a number that holds, then more rows of lists.
pub(super) fn second_stays(one: &Side, other: &Side) -> bool {
    let rank = |side: &Side| {
        let rows: i64 = side.lists.iter().map(|(_, _, n)| n).sum();
        (side.id_state == "ok", side.died.is_none(), rows)
    };
    rank(other) > rank(one)
}

/// Whether the person goes on living where the second record says: an own household, then the younger stay.
pub(super) fn second_home(one: &Side, other: &Side) -> bool {
    let rank =
        |side: &Side| (side.kin.is_some(), side.kin.as_deref() == Some("head"), side.since.clone());
    rank(other) > rank(one)
}

/// Members of two households that look like the same people: by name.
pub(super) fn same_members(one: &Side, other: &Side) -> Vec<((String, String), (String, String))> {
    let mut left = other.members.clone();
    let mut found = Vec::new();
    for member in &one.members {
        let key = kernel::name::normal(&member.1).text;
        if let Some(at) = left.iter().position(|there| kernel::name::normal(&there.1).text == key) {
            found.push((member.clone(), left.remove(at)));
        }
    }
    found
}
