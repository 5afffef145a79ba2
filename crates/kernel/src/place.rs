//! Names of places as lists write them: with and without 乡, 村, 村委会; with a slip as from a scan;
//! as one long address.
//!
//! What is like a name is left to the caller: several villages can be one slip away.

use crate::name::simplified;
use crate::width::compact;

/// Suffixes of towns and villages, longer ones before those that they end with.
const SUFFIXES: [&str; 20] = [
    "社区居民委员会",
    "村民委员会",
    "居民委员会",
    "街道办事处",
    "镇人民政府",
    "乡人民政府",
    "社区居委会",
    "社区村委会",
    "民族乡",
    "村委会",
    "居委会",
    "办事处",
    "行政村",
    "嘎查村",
    "街道",
    "社区",
    "嘎查",
    "镇",
    "乡",
    "村",
];

/// Suffixes of a village inside an address, longer ones before those that they begin with.
const VILLAGE_ENDS: [&str; 9] = [
    "村民委员会",
    "村委会",
    "社区居民委员会",
    "社区居委会",
    "居民委员会",
    "居委会",
    "社区",
    "嘎查",
    "村",
];

/// The name without what says only which kind of place it is: 关面乡 and 关面 are 关面, 王泉村委会 and
/// 王泉 are 王泉. A name of one character keeps its 村 or 镇 (王村), so that it stays a name.
pub fn normal(text: &str) -> String {
    let text = clean(text);
    let bare = SUFFIXES.iter().find_map(|suffix| {
        let rest = text.strip_suffix(suffix)?;
        (rest.chars().count() >= 2).then_some(rest)
    });
    match bare {
        Some(rest) => rest.to_owned(),
        // 王村委会 is the committee of 王村.
        None => ["民委员会", "委会"]
            .iter()
            .find_map(|suffix| text.strip_suffix(suffix).map(str::to_owned))
            .filter(|rest| rest.chars().count() >= 2)
            .unwrap_or(text),
    }
}

/// Simplified, half-width, without blanks and remarks in brackets.
fn clean(text: &str) -> String {
    let text = simplified(&compact(text));
    match text.find(['(', '[', '【', '〔']) {
        Some(at) if at > 0 => text.get(..at).unwrap_or_default().to_owned(),
        _ => text,
    }
}

/// How alike two names of places are, both in the normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceLikeness {
    /// The same.
    Same,
    /// Of one length with one character different: 石壕 and 石塘. A reason to ask, not a proof.
    OneCharacter,
    /// Different places.
    Different,
}

/// Compares two names, which are brought to the normal form first.
pub fn compare(one: &str, other: &str) -> PlaceLikeness {
    let (one, other) = (normal(one), normal(other));
    if one.is_empty() || other.is_empty() {
        return PlaceLikeness::Different;
    }
    if one == other {
        return PlaceLikeness::Same;
    }
    let length = one.chars().count();
    let differing = one.chars().zip(other.chars()).filter(|(a, b)| a != b).count();
    if length >= 2 && length == other.chars().count() && differing == 1 {
        PlaceLikeness::OneCharacter
    } else {
        PlaceLikeness::Different
    }
}

/// The parts that an address names, as written there, simplified; each may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Everything up to the county: 山西省长治市沁县.
    pub county: Option<String>,
    /// 牛寺乡.
    pub town: Option<String>,
    /// 王泉村; also without its suffix: 火焰 in 关面乡火焰2组.
    pub village: Option<String>,
    /// Number of the group: 5 in 5组, 五组, 第五村民小组.
    pub group: Option<u32>,
    /// What is left: house numbers, streets.
    pub rest: String,
}

/// Takes an address apart by the suffixes in it. Which village it is, the caller finds out.
pub fn split_address(text: &str) -> Address {
    let text = clean(text);
    let (county, after_county) = split_county(&text);
    let (town, after_town) = split_town(after_county);
    let (before_group, group, rest) = split_group(after_town);
    let (village, tail) = split_village(before_group);
    // Without a suffix only what stands before a group or behind a town can be a village.
    let bare = village.is_none() && !tail.is_empty() && (group.is_some() || town.is_some());
    let village = if bare { Some(tail.to_owned()) } else { village };
    let rest = if bare { rest.to_owned() } else { format!("{tail}{rest}") };
    Address { county, town, village, group, rest }
}

fn split_county(text: &str) -> (Option<String>, &str) {
    let town = text.find(['乡', '镇']).or_else(|| text.find("街道")).unwrap_or(text.len());
    let head = text.get(..town).unwrap_or_default();
    let end = head
        .char_indices()
        .filter(|(at, character)| {
            let before = head.get(..*at).unwrap_or_default();
            matches!(character, '省' | '市' | '县' | '区' | '旗')
                && !before.is_empty()
                && !before.ends_with(['社', '小', '新', '库', '矿'])
        })
        .map(|(at, character)| at + character.len_utf8())
        .next_back();
    split_at(text, end)
}

fn split_town(text: &str) -> (Option<String>, &str) {
    let end = ["街道办事处", "街道", "乡", "镇"]
        .iter()
        .filter_map(|suffix| {
            text.find(suffix).filter(|at| *at > 0).map(|at| (at, at + suffix.len()))
        })
        .min_by_key(|(at, end)| (*at, std::cmp::Reverse(*end)))
        .map(|(_, end)| end);
    split_at(text, end)
}

fn split_village(text: &str) -> (Option<String>, &str) {
    let end = VILLAGE_ENDS
        .iter()
        .filter_map(|suffix| {
            text.find(suffix).filter(|at| *at > 0).map(|at| (at, at + suffix.len()))
        })
        .min_by_key(|(at, end)| (*at, std::cmp::Reverse(*end)))
        .map(|(_, end)| {
            // 大村村: the name itself ends with 村.
            let more = ["村民委员会", "村委会", "村"]
                .iter()
                .find(|suffix| text.get(end..).is_some_and(|rest| rest.starts_with(**suffix)));
            end + more.map_or(0, |suffix| suffix.len())
        });
    split_at(text, end)
}

fn split_at(text: &str, end: Option<usize>) -> (Option<String>, &str) {
    match end.and_then(|end| text.split_at_checked(end)) {
        Some((head, rest)) => (Some(head.to_owned()), rest),
        None => (None, text),
    }
}

/// What stands before the group, its number, and what stands behind it.
fn split_group(text: &str) -> (&str, Option<u32>, &str) {
    for suffix in ["村民小组", "居民小组", "小组", "组", "社", "队"] {
        for (at, _) in text.match_indices(suffix) {
            let head = text.get(..at).unwrap_or_default();
            let before = head.trim_end_matches(is_numeral);
            let number = head.get(before.len()..).and_then(numeral);
            if let Some(number) = number {
                let rest = text.get(at + suffix.len()..).unwrap_or_default();
                return (before.strip_suffix('第').unwrap_or(before), Some(number), rest);
            }
        }
    }
    (text, None, "")
}

fn is_numeral(character: char) -> bool {
    character.is_ascii_digit() || "一二三四五六七八九十".contains(character)
}

/// `12`, `五`, `十二`, `二十`; up to 99 in characters.
fn numeral(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|number| *number > 0);
    }
    let digit = |part: &str| -> Option<u32> {
        let at = "一二三四五六七八九".chars().position(|known| part.chars().eq([known]))?;
        u32::try_from(at + 1).ok()
    };
    match text.split_once('十') {
        None => digit(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones)? };
            Some(tens * 10 + ones)
        }
    }
}

#[cfg(test)]
mod tests;
