//! Under which texts a person is found.

use kernel::name;

pub use kernel::name::SearchKind;

/// The normal form of a name and the texts whose beginnings people type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameKeys {
    /// The normal form, for comparing.
    pub name_key: String,
    /// Texts with their kind, each once.
    pub keys: Vec<(String, SearchKind)>,
}

/// The keys of a name as a paper or a file writes it. One character alone finds half a village and is left out.
#[must_use]
pub fn search_keys(written: &str) -> NameKeys {
    let normal = name::normal(written).text;
    let keys = name::search_keys(&normal)
        .into_iter()
        .filter(|key| key.text.chars().nth(1).is_some())
        .map(|key| (key.text, key.kind))
        .collect();
    NameKeys { name_key: normal, keys }
}

/// The texts under which somebody of this name is found, as a list for `json_each`: the keys are kept by their text alone,
/// so who changes those of one person says which they are.
#[must_use]
pub fn key_texts(written: &str) -> String {
    let texts: Vec<String> = search_keys(written).keys.into_iter().map(|(text, _)| text).collect();
    serde_json::json!(texts).to_string()
}

/// What somebody typed into the search box, by what it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A whole identity number.
    Number(kernel::idnumber::IdNumber),
    /// Six characters: the end of an identity number.
    LastSix(String),
    /// Four digits: the end of a phone number.
    PhoneTail(String),
    /// A whole phone number.
    Phone(kernel::phone::Phone),
    /// The beginning of a household number (户编号) or person number.
    HouseholdNumber(String),
    /// A name, pinyin or initials.
    Name(String),
}

/// What the text can be, the likeliest first; a number may be several things.
#[must_use]
pub fn asked(text: &str) -> Vec<Asked> {
    let mut found = Vec::new();
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let upper = compact.to_ascii_uppercase();
    if let Ok(reading) = kernel::idnumber::read(&upper) {
        found.push(Asked::Number(reading.number));
    }
    let digits = upper.strip_suffix('X').unwrap_or(&upper);
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if numeric && upper.len() == 6 {
        found.push(Asked::LastSix(upper.clone()));
    }
    if numeric && upper.len() == 4 {
        found.push(Asked::PhoneTail(upper.clone()));
    }
    if let Ok(phone) = kernel::phone::Phone::read(&compact) {
        found.push(Asked::Phone(phone));
    }
    // Entered by hand: the county, L for a household or P for a person (people of earlier have an L too), a running number.
    let by_hand = upper.split_once(['L', 'P']).is_some_and(|(county, running)| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        county.len() == 6 && digits(county) && digits(running)
    });
    if (numeric && upper.len() >= 6) || by_hand {
        found.push(Asked::HouseholdNumber(upper));
    }
    if !numeric && !by_hand && !compact.is_empty() {
        found.push(Asked::Name(text.trim().to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_characters_its_sound_and_its_initials() {
        let keys = search_keys("张 三丰");
        let has = |text: &str, kind| keys.keys.contains(&(text.to_owned(), kind));
        assert_eq!(keys.name_key, "张三丰");
        assert!(has("张三丰", SearchKind::Name));
        assert!(has("三丰", SearchKind::Name));
        assert!(has("zhangsanfeng", SearchKind::Pinyin));
        assert!(has("zsf", SearchKind::Initials));
        assert!(!has("丰", SearchKind::Name));
    }

    #[test]
    fn a_text_is_asked_as_what_it_can_be() {
        assert!(matches!(asked("140430000123")[..], [Asked::HouseholdNumber(_), ..]));
        let by_hand = Asked::HouseholdNumber("140430L000002".to_owned());
        assert_eq!(asked("140430l000002"), vec![by_hand]);
        let person = Asked::HouseholdNumber("140430P000002".to_owned());
        assert_eq!(asked("140430p000002"), vec![person]);
        assert!(asked("00123x").contains(&Asked::LastSix("00123X".to_owned())));
        assert_eq!(asked("1234"), vec![Asked::PhoneTail("1234".to_owned())]);
        assert_eq!(asked(" zsf "), vec![Asked::Name("zsf".to_owned())]);
        assert!(matches!(asked("11010519491231002X")[0], Asked::Number(_)));
        assert_eq!(asked("  "), Vec::new());
    }
}
