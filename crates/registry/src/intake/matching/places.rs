//! From what lists write about places to codes: official, short and former names, the suffix left off, one character
//! misread by a scan, group and house number behind the village, county and town before it.

use std::collections::HashMap;

/// One area with every name it has or had.
#[derive(Debug, Clone)]
pub struct AreaName {
    /// Code as a number, `500154201200`.
    pub code: u64,
    /// Code of the area above.
    pub parent: u64,
    /// What it is.
    pub village: bool,
    /// Town, or (neither) county and above.
    pub town: bool,
    /// Official, short and former names.
    pub names: Vec<String>,
}

/// How sure a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Certainty {
    /// A name as it is or was, perhaps without its suffix.
    #[default]
    Exact,
    /// All but one character agree.
    Slip,
    /// A village is named that nobody knows.
    Unknown,
    /// The text names another county.
    Elsewhere,
}

/// Where a row says that it happened or somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The villages it may be; more than one only after a slip or where two share a name.
    pub villages: Vec<u64>,
    /// The towns it may be; empty if the row names none.
    pub towns: Vec<u64>,
    /// How sure the village is.
    pub certainty: Certainty,
}

impl Place {
    /// Whether the row names any place of this county.
    pub fn is_known(&self) -> bool {
        !self.villages.is_empty() || !self.towns.is_empty()
    }

    /// Whether somebody of this village fits; none if the row names no place.
    pub fn fits(&self, village: u64) -> Option<bool> {
        if !self.villages.is_empty() {
            Some(self.villages.contains(&village))
        } else if !self.towns.is_empty() {
            Some(self.towns.contains(&town_of(village)))
        } else {
            None
        }
    }
}

/// Code of the town above a village.
pub fn town_of(village: u64) -> u64 {
    village / 1000 * 1000
}

/// The names of a county's towns and villages.
#[derive(Debug, Default)]
pub struct Places {
    above: Vec<String>,
    towns: Vec<(u64, Vec<String>)>,
    villages: HashMap<u64, Vec<(u64, Vec<String>)>>,
}

const SUFFIXES: [&str; 12] = [
    "社区居民委员会",
    "村民委员会",
    "居民委员会",
    "村委会",
    "居委会",
    "街道办事处",
    "社区",
    "街道",
    "村",
    "镇",
    "乡",
    "委会",
];

/// A name without what kind of place it is; none if nothing would be left.
fn stem(name: &str) -> Option<&str> {
    SUFFIXES
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|rest| rest.chars().count() >= 1)
}

fn one_character_off(one: &str, other: &str) -> bool {
    let mut differing = 0;
    let (mut a, mut b) = (one.chars(), other.chars());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return differing == 1,
            (Some(x), Some(y)) => differing += usize::from(x != y),
            _ => return false,
        }
    }
}

/// The text without blanks and in simplified characters.
fn plain(text: &str) -> String {
    kernel::name::simplified(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !"，,、-—".contains(*c))
        .collect()
}

/// The text before group, house number and the like: 水溪村3组 → 水溪村.
fn before_group(text: &str) -> &str {
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() || ('０'..='９').contains(&c) || c == '(' || c == '（' {
            end = at;
            break;
        }
        let rest = text.get(at + c.len_utf8()..).unwrap_or("");
        let counted = "一二三四五六七八九十".contains(c) || c == '第';
        if at > 0
            && counted
            && ["组", "社", "村民小组", "小组"]
                .iter()
                .any(|g| rest.trim_start_matches(is_numeral).starts_with(g))
        {
            end = at;
            break;
        }
    }
    text.get(..end).unwrap_or(text).trim_end_matches('第')
}

fn is_numeral(c: char) -> bool {
    "一二三四五六七八九十".contains(c) || c.is_ascii_digit()
}

#[derive(Default)]
struct Found {
    towns: Vec<u64>,
    villages: Vec<u64>,
    slip: bool,
    left: String,
}

impl Places {
    /// Arranges the names of the county. Areas that merged or were renamed come under the code they have now, with
    /// their former names.
    pub fn new(areas: impl IntoIterator<Item = AreaName>) -> Self {
        let mut places = Self::default();
        for area in areas {
            let names: Vec<String> =
                area.names.iter().map(|name| plain(name)).filter(|name| !name.is_empty()).collect();
            if area.village {
                places.villages.entry(area.parent).or_default().push((area.code, names));
            } else if area.town {
                places.towns.push((area.code, names));
            } else {
                places.above.extend(names);
            }
        }
        places.above.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        places
    }

    /// Finds the place of a row from its town, village and free address, whichever it has.
    pub fn resolve(
        &self,
        town: Option<&str>,
        village: Option<&str>,
        address: Option<&str>,
    ) -> Place {
        let mut place = Place::default();
        let mut unknown = false;
        for text in [town, village, address].into_iter().flatten() {
            let text = plain(text);
            if text.is_empty() || !place.villages.is_empty() {
                continue;
            }
            let found = self.locate(&text, &place.towns);
            if !found.towns.is_empty() {
                place.towns = found.towns;
            }
            if !found.villages.is_empty() {
                place.villages = found.villages;
                place.certainty = if found.slip { Certainty::Slip } else { Certainty::Exact };
            } else if !found.left.is_empty() {
                unknown = true;
                if place.towns.is_empty() && names_another_county(&found.left) {
                    place.certainty = Certainty::Elsewhere;
                }
            }
        }
        if place.villages.is_empty()
            && unknown
            && place.certainty == Certainty::Exact
            && !place.towns.is_empty()
        {
            place.certainty = Certainty::Unknown;
        }
        place
    }

    /// The text behind province, city and county, each whole or without its suffix.
    fn behind_county<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        loop {
            // 开江镇 of 开江县 keeps its name
            if self
                .towns
                .iter()
                .flat_map(|(_, names)| names)
                .any(|name| rest.starts_with(name.as_str()))
            {
                return rest;
            }
            let stripped = self.above.iter().find_map(|name| {
                let short = name
                    .strip_suffix(['省', '市', '县', '区'])
                    .filter(|short| short.chars().count() >= 2);
                rest.strip_prefix(name.as_str()).or_else(|| rest.strip_prefix(short?))
            });
            match stripped {
                Some(behind) => rest = behind,
                None => return rest,
            }
        }
    }

    /// Strips what stands above the town, takes the town, then looks for the village in what is left.
    fn locate(&self, text: &str, known_towns: &[u64]) -> Found {
        let rest = self.behind_county(text);
        let mut found = Found::default();
        if let Some(found) = self.behind_whole_town(rest) {
            return found;
        }
        let in_known_towns = self.village(before_group(rest), known_towns);
        if !known_towns.is_empty() && !in_known_towns.villages.is_empty() && !in_known_towns.slip {
            return in_known_towns;
        }
        let (towns, behind) = self.town(rest);
        let behind = before_group(behind);
        let searched = if towns.is_empty() { known_towns.to_vec() } else { towns.clone() };
        if behind.is_empty() {
            found.towns = towns;
            return found;
        }
        found = self.village(behind, &searched);
        if found.villages.is_empty() && !towns.is_empty() {
            // what looked like a town may be a village of that name
            let whole = self.village(
                before_group(rest),
                if known_towns.is_empty() { &towns } else { known_towns },
            );
            if !whole.villages.is_empty() && !whole.slip {
                found = whole;
            }
        }
        found.towns = towns;
        if found.villages.is_empty() {
            found.left = behind.to_owned();
        }
        found
    }

    /// The village behind a town's whole name: 松村镇五科村 is not 松村.
    fn behind_whole_town(&self, text: &str) -> Option<Found> {
        let (code, name) = self
            .towns
            .iter()
            .flat_map(|(code, names)| names.iter().map(move |name| (*code, name)))
            .filter(|(_, name)| text.starts_with(name.as_str()) && stem(name).is_some())
            .max_by_key(|(_, name)| name.len())?;
        let behind = before_group(text.get(name.len()..)?);
        let village = (!behind.is_empty()).then(|| self.village(behind, &[code]))?;
        (!village.villages.is_empty() && !village.slip)
            .then_some(Found { towns: vec![code], ..village })
    }

    /// The towns that the text begins with, and what stands behind.
    fn town<'t>(&self, text: &'t str) -> (Vec<u64>, &'t str) {
        let mut best: Option<(u64, &str)> = None;
        for (code, names) in &self.towns {
            for name in names {
                for name in [Some(name.as_str()), stem(name).filter(|s| s.chars().count() >= 2)]
                    .into_iter()
                    .flatten()
                {
                    if text.starts_with(name)
                        && best.is_none_or(|(_, longest)| name.len() > longest.len())
                    {
                        best = Some((*code, name));
                    }
                }
            }
        }
        if let Some((code, name)) = best {
            return (vec![code], text.get(name.len()..).unwrap_or(""));
        }
        let mut towns = Vec::new();
        let mut length = 0;
        for (code, names) in &self.towns {
            for name in names.iter().filter(|name| name.chars().count() >= 3) {
                let head: String = text.chars().take(name.chars().count()).collect();
                let same_kind = head.chars().last() == name.chars().last();
                if same_kind && one_character_off(&head, name) {
                    towns.push(*code);
                    length = head.len();
                }
            }
        }
        towns.dedup();
        (towns, text.get(length..).unwrap_or(""))
    }

    /// The villages of these towns (of all, if none is given) that the text names.
    fn village(&self, text: &str, towns: &[u64]) -> Found {
        let mut exact = Vec::new();
        let mut longest = 0;
        let mut begins = Vec::new();
        let mut off = Vec::new();
        let bare = stem(text).unwrap_or(text);
        for (town, villages) in &self.villages {
            if !towns.is_empty() && !towns.contains(town) {
                continue;
            }
            for (code, name) in villages
                .iter()
                .flat_map(|(code, names)| names.iter().map(move |name| (*code, name)))
            {
                let short = stem(name);
                if text == name
                    || Some(text) == short
                    || Some(bare) == short && bare.chars().count() >= 2
                {
                    exact.push(code);
                } else if text.starts_with(name.as_str()) && name.len() >= longest {
                    if name.len() > longest {
                        begins.clear();
                    }
                    longest = name.len();
                    begins.push(code);
                } else if one_character_off(text, name)
                    || short.is_some_and(|short| {
                        short.chars().count() >= 2 && one_character_off(bare, short)
                    })
                {
                    off.push(code);
                }
            }
        }
        let slip = exact.is_empty() && begins.is_empty();
        let mut villages = if !exact.is_empty() {
            exact
        } else if !begins.is_empty() {
            begins
        } else {
            off
        };
        villages.sort_unstable();
        villages.dedup();
        Found { towns: Vec::new(), villages, slip, left: String::new() }
    }
}

/// Whether a text that names no town of ours names a province, city or county.
fn names_another_county(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars
        .iter()
        .enumerate()
        .any(|(at, c)| at >= 1 && at + 1 < chars.len() && "省市县区州旗盟".contains(*c))
}

#[cfg(test)]
mod tests;
