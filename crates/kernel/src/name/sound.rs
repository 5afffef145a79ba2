//! How a name sounds: pinyin without tones, initials, and what a search looks up.

use pinyin::ToPinyin;

use super::normal;

/// Characters read otherwise in a surname than elsewhere; several readings where both occur.
const SURNAMES: &[(char, &[&str])] = &[
    ('单', &["shan"]),
    ('解', &["xie"]),
    ('仇', &["qiu"]),
    ('区', &["ou"]),
    ('曾', &["zeng"]),
    ('查', &["zha"]),
    ('任', &["ren"]),
    ('盖', &["ge", "gai"]),
    ('朴', &["piao"]),
    ('翟', &["zhai"]),
    ('乐', &["yue", "le"]),
    ('覃', &["qin", "tan"]),
    ('缪', &["miao"]),
    ('冼', &["xian"]),
    ('谌', &["chen"]),
    ('召', &["shao"]),
    ('秘', &["bi"]),
    ('折', &["she"]),
    ('黑', &["he", "hei"]),
    ('种', &["chong"]),
    ('重', &["chong"]),
    ('逄', &["pang"]),
    ('繁', &["po"]),
    ('员', &["yun"]),
    ('燕', &["yan"]),
    ('华', &["hua"]),
    ('纪', &["ji"]),
    ('葛', &["ge"]),
    ('褚', &["chu"]),
    ('祭', &["zhai"]),
    ('那', &["na"]),
    ('牟', &["mou", "mu"]),
    ('车', &["che"]),
    ('曲', &["qu"]),
    ('宿', &["su"]),
    ('郇', &["xun", "huan"]),
    ('隗', &["wei", "kui"]),
    ('卜', &["bu"]),
    ('能', &["nai"]),
    ('应', &["ying"]),
    ('尹', &["yin"]),
    ('宁', &["ning"]),
    ('石', &["shi"]),
    ('沈', &["shen"]),
    ('长', &["zhang", "chang"]),
    ('洗', &["xian"]),
    ('晟', &["cheng"]),
    ('费', &["fei"]),
    ('过', &["guo"]),
    ('哈', &["ha"]),
    ('观', &["guan"]),
    ('令', &["ling"]),
    ('幺', &["yao"]),
    ('么', &["yao"]),
    ('兴', &["xing"]),
    ('教', &["jiao"]),
    ('相', &["xiang"]),
    ('盛', &["sheng"]),
    ('撒', &["sa"]),
    ('阚', &["kan"]),
    ('郗', &["xi", "chi"]),
    ('薄', &["bo"]),
    ('柏', &["bai", "bo"]),
    ('藏', &["zang"]),
    ('臧', &["zang"]),
    ('贾', &["jia"]),
    ('都', &["du"]),
];

/// Surnames of two characters, with their readings where these are not the usual ones.
const DOUBLE_SURNAMES: &[(&str, Option<[&str; 2]>)] = &[
    ("欧阳", None),
    ("司马", None),
    ("上官", None),
    ("诸葛", None),
    ("皇甫", None),
    ("东方", None),
    ("慕容", None),
    ("令狐", None),
    ("宇文", None),
    ("司徒", None),
    ("公孙", None),
    ("夏侯", None),
    ("端木", None),
    ("轩辕", None),
    ("南宫", None),
    ("独孤", None),
    ("闻人", None),
    ("申屠", None),
    ("淳于", None),
    ("太史", None),
    ("呼延", None),
    ("钟离", None),
    ("鲜于", None),
    ("司空", None),
    ("西门", None),
    ("百里", None),
    ("东郭", None),
    ("赫连", None),
    ("拓跋", None),
    ("完颜", None),
    ("尉迟", Some(["yu", "chi"])),
    ("长孙", Some(["zhang", "sun"])),
    ("万俟", Some(["mo", "qi"])),
    ("澹台", Some(["tan", "tai"])),
    ("濮阳", None),
    ("单于", Some(["chan", "yu"])),
];

/// Characters of given names that are read in two ways about equally often, or whose first reading
/// in the dictionary is not the one of names.
const GIVEN: &[(char, &[&str])] = &[
    ('长', &["chang", "zhang"]),
    ('乐', &["le", "yue"]),
    ('行', &["xing", "hang"]),
    ('朝', &["chao", "zhao"]),
    ('重', &["chong", "zhong"]),
    ('盛', &["sheng", "cheng"]),
    ('晟', &["sheng", "cheng"]),
    ('茜', &["xi", "qian"]),
    ('娜', &["na", "nuo"]),
    ('传', &["chuan", "zhuan"]),
    ('石', &["shi"]),
    ('柏', &["bai", "bo"]),
    ('藏', &["cang", "zang"]),
    ('曾', &["zeng", "ceng"]),
    ('参', &["shen", "can"]),
    ('祭', &["ji"]),
    ('单', &["dan"]),
    ('沈', &["shen"]),
    ('奇', &["qi"]),
    ('强', &["qiang"]),
    ('和', &["he"]),
    ('大', &["da"]),
    ('亲', &["qin"]),
    ('兴', &["xing"]),
    ('仔', &["zi", "zai"]),
    ('卓', &["zhuo"]),
    ('宁', &["ning"]),
    ('予', &["yu"]),
    ('阿', &["a"]),
    ('泊', &["bo"]),
    ('育', &["yu"]),
    ('卜', &["bu"]),
    ('珏', &["jue"]),
    ('翟', &["zhai"]),
    ('璟', &["jing"]),
    ('曦', &["xi"]),
    ('其', &["qi"]),
    ('昱', &["yu"]),
    ('洁', &["jie"]),
    ('殷', &["yin"]),
    ('夏', &["xia"]),
    ('莞', &["wan", "guan"]),
    ('莎', &["sha"]),
    ('菲', &["fei"]),
    ('拓', &["tuo"]),
    ('琢', &["zhuo"]),
    ('蔚', &["wei", "yu"]),
];

/// Most pronunciations of one name that are kept.
const MOST: usize = 8;

/// The readings of a character, without tones, ü written v; empty for Latin letters and marks. A
/// character that the dictionary does not know in one plain syllable reads as itself.
fn readings(character: char, table: &[(char, &'static [&'static str])]) -> Vec<String> {
    if let Some((_, known)) = table.iter().find(|(known, _)| *known == character) {
        return known.iter().map(|reading| (*reading).to_owned()).collect();
    }
    let plain = character.to_pinyin().map(|one| one.plain().replace('ü', "v"));
    match plain.filter(|syllable| syllable.bytes().all(|byte| byte.is_ascii_lowercase())) {
        Some(syllable) => vec![syllable],
        None if character.is_alphabetic() && !super::is_latin(character) => {
            vec![character.to_string()]
        }
        None => Vec::new(),
    }
}

/// How many characters of a normal name are its surname: two for the known double surnames, one
/// otherwise; none for names with a dot and for Latin names.
pub fn surname(normal: &str) -> usize {
    let length = normal.chars().count();
    let is_chinese = normal.chars().all(|character| character.to_pinyin().is_some());
    if length < 2 || !is_chinese {
        return 0;
    }
    let double = length > 2 && DOUBLE_SURNAMES.iter().any(|(name, _)| normal.starts_with(name));
    if double { 2 } else { 1 }
}

/// The readings of each character of a normal name; Latin words are their own reading.
pub(super) fn syllables(normal: &str) -> Vec<Vec<String>> {
    let family = surname(normal);
    let special = DOUBLE_SURNAMES
        .iter()
        .find(|(name, _)| family == 2 && normal.starts_with(name))
        .and_then(|(_, readings)| *readings);
    let mut syllables: Vec<Vec<String>> = Vec::new();
    let mut word = String::new();
    let end_word = |word: &mut String, syllables: &mut Vec<Vec<String>>| {
        if !word.is_empty() {
            syllables.push(vec![std::mem::take(word)]);
        }
    };
    for (index, character) in normal.chars().enumerate() {
        let read = match special.and_then(|two| two.get(index).copied()) {
            Some(reading) => vec![reading.to_owned()],
            None if index < family => readings(character, SURNAMES),
            None => readings(character, GIVEN),
        };
        if !read.is_empty() {
            end_word(&mut word, &mut syllables);
            syllables.push(read);
        } else if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        } else {
            end_word(&mut word, &mut syllables);
        }
    }
    end_word(&mut word, &mut syllables);
    syllables
}

/// The sound of a normal name as one text, the first reading of each character: `wang hong ling`.
/// Two names with the same key sound alike; it can be stored and indexed.
pub fn sound_key(normal: &str) -> String {
    let first = |readings: Vec<String>| readings.into_iter().next().unwrap_or_default();
    syllables(normal).into_iter().map(first).collect::<Vec<_>>().join(" ")
}

/// Which kind of text a search key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchKind {
    /// Characters of the name: 张三丰, 三丰, 丰.
    Name,
    /// Pinyin of the whole name or of the given name: zhangsanfeng, sanfeng.
    Pinyin,
    /// Initials of the whole name or of the given name: zsf, sf.
    Initials,
}

impl SearchKind {
    /// Text in tables.
    pub const fn text(self) -> &'static str {
        match self {
            SearchKind::Name => "name",
            SearchKind::Pinyin => "pinyin",
            SearchKind::Initials => "initials",
        }
    }
}

/// A text under which a person is found. A search asks for the keys that begin with its term.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchKey {
    /// Which kind of text.
    pub kind: SearchKind,
    /// The text, normal form or lower-case letters.
    pub text: String,
}

impl std::fmt::Debug for SearchKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SearchKey({})", self.kind.text())
    }
}

/// All keys of a normal name, each once, sorted.
pub fn search_keys(normal: &str) -> Vec<SearchKey> {
    let mut keys = std::collections::BTreeSet::new();
    let mut add = |kind, text: String| {
        if !text.is_empty() {
            keys.insert(SearchKey { kind, text });
        }
    };
    for (at, character) in normal.char_indices() {
        if character.is_alphabetic() && (at == 0 || character.to_pinyin().is_some()) {
            add(SearchKind::Name, normal.get(at..).unwrap_or_default().to_owned());
        }
    }
    let syllables = syllables(normal);
    let family = surname(normal);
    for spoken in pronunciations(&syllables) {
        let initials = |part: &[String]| -> String {
            part.iter().filter_map(|syllable| syllable.chars().next()).collect()
        };
        let given = spoken.get(family..).unwrap_or_default();
        for part in [spoken.as_slice(), given] {
            let whole = part.concat();
            if !whole.is_ascii() {
                continue;
            }
            if whole.contains('v') {
                // Passports and many people write u or yu for ü.
                add(SearchKind::Pinyin, whole.replace('v', "u"));
            }
            add(SearchKind::Pinyin, whole);
            add(SearchKind::Initials, initials(part));
        }
    }
    keys.into_iter().collect()
}

/// The ways to say a name, at most eight.
fn pronunciations(syllables: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for readings in syllables {
        let room = (MOST / ways.len().max(1)).max(1);
        ways = ways
            .iter()
            .flat_map(|way| {
                readings.iter().take(room).map(|reading| {
                    let mut longer = way.clone();
                    longer.push(reading.clone());
                    longer
                })
            })
            .collect();
    }
    ways
}

/// What to look up for what somebody typed: characters as a name, letters as pinyin and as
/// initials. Empty if there is nothing to look up.
pub fn search_terms(typed: &str) -> Vec<SearchKey> {
    let normal = normal(typed).text;
    if normal.is_empty() {
        return Vec::new();
    }
    if normal.chars().any(|character| character.to_pinyin().is_some()) {
        return vec![SearchKey { kind: SearchKind::Name, text: normal }];
    }
    let letters: String = normal
        .chars()
        .filter(|character| character.is_alphabetic())
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'ü' { 'v' } else { character })
        .collect();
    let named = SearchKey { kind: SearchKind::Name, text: normal };
    let spoken = [SearchKind::Pinyin, SearchKind::Initials]
        .map(|kind| SearchKey { kind, text: letters.clone() });
    spoken.into_iter().chain([named]).collect()
}
