//! Names as lists write them, compared with names as the register has them.

use kernel::name::NameLikeness;

/// How much two names in normal form have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Different people's names.
    Other,
    /// One of two characters agrees: 王强 and 王刚, a slip or two brothers.
    Half,
    /// All but one character of at least three agree, or one is the other with something added.
    OneCharacter,
    /// Different characters, the same sound: 张伟 and 章伟.
    Sound,
    /// Letter for letter.
    Same,
}

/// Remarks that stand behind a name without brackets.
const REMARKS: [&str; 5] = ["户主", "本人", "已核", "已故", "等人"];

/// A name in its normal form: without remarks, stars, blanks and dots, in simplified characters.
pub fn normal(written: &str) -> String {
    // lists write the dot of a minority name or leave it out
    let mut name: String =
        kernel::name::normal(written).text.chars().filter(|c| c.is_alphabetic()).collect();
    for remark in REMARKS {
        // only behind a whole name, so that nobody called so loses it
        let bare = name.strip_suffix(remark).filter(|bare| bare.chars().count() >= 2).map(str::len);
        name.truncate(bare.unwrap_or(name.len()));
    }
    name
}

/// Under which key a name in normal form is kept for those who wrote it by ear. Wider than [`Likeness::Sound`], which
/// is checked for whatever is found: zh is z, n is l, ing is in.
pub(super) fn sound(normal: &str) -> String {
    kernel::name::sound_key(normal).split(' ').map(blurred).collect()
}

fn blurred(syllable: &str) -> String {
    let start =
        ["zh", "ch", "sh"].into_iter().find_map(|two| syllable.strip_prefix(two).zip(two.get(..1)));
    let (rest, first) = start
        .or_else(|| syllable.strip_prefix('n').map(|rest| (rest, "l")))
        .unwrap_or((syllable, ""));
    let open = rest.strip_suffix("ng").map(|open| format!("{open}n"));
    format!("{first}{}-", open.as_deref().unwrap_or(rest))
}

/// Whether the names differ in one character at most, and that by ear.
pub(super) fn one_by_ear(one: &str, other: &str) -> bool {
    kernel::name::compare(one, other).is_one_slip()
}

/// Compares two names in normal form.
pub fn likeness(one: &str, other: &str) -> Likeness {
    match kernel::name::compare(one, other) {
        NameLikeness::Same => return Likeness::Same,
        NameLikeness::SameSound { .. } | NameLikeness::NearSound { .. } => return Likeness::Sound,
        NameLikeness::Different => {}
    }
    let (length, other_length) = (one.chars().count(), other.chars().count());
    if length == other_length {
        let differing = one.chars().zip(other.chars()).filter(|(a, b)| a != b).count();
        return match (differing, length) {
            (1, 2) => Likeness::Half,
            (1, 3..) => Likeness::OneCharacter,
            _ => Likeness::Other,
        };
    }
    let (short, long) = if length < other_length { (one, other) } else { (other, one) };
    let added = long.strip_prefix(short);
    // 张三之妻 is not 张三
    let somebody_else =
        added.is_some_and(|added| added.contains(['之', '的', '妻', '子', '女', '父', '母']));
    if added.is_some() && !somebody_else && short.chars().count() >= 2 {
        Likeness::OneCharacter
    } else {
        Likeness::Other
    }
}

/// Whether the name hides its bearer: 匿名, 张先生, 李女士, 王某某, 群众.
pub fn is_anonymous(normal: &str) -> bool {
    const NOBODY: [&str; 8] =
        ["热心群众", "热心市民", "市民", "未留名", "不愿透露", "保密", "来电人", "无名氏"];
    const TITLES: [&str; 2] = ["小姐", "老师"];
    let titled =
        |title: &&str| normal.strip_suffix(*title).is_some_and(|rest| rest.chars().count() <= 2);
    !normal.is_empty()
        && (!kernel::name::is_whole_name(normal)
            || NOBODY.contains(&normal)
            || TITLES.iter().any(titled))
}

/// The family name before the title in 张先生; none if there is none.
pub fn family_of_anonymous(normal: &str) -> Option<char> {
    (is_anonymous(normal) && normal.chars().count() >= 3).then(|| normal.chars().next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_blanks_stars_and_dots_are_no_part_of_a_name() {
        for (written, name) in [
            ("张　三", "张三"),
            ("赵福安（户主）", "赵福安"),
            ("李鹏(已核)", "李鹏"),
            ("杨春萍*", "杨春萍"),
            ("劉國強", "刘国强"),
            ("王树国户主", "王树国"),
            ("阿依古丽•买买提", "阿依古丽买买提"),
        ] {
            assert_eq!(normal(written), name);
        }
    }

    #[test]
    fn likeness_tells_ear_and_eye_from_another_name() {
        assert_eq!(likeness("王红玲", "汪红玲"), Likeness::Sound);
        assert_eq!(likeness("周巧娥", "邹巧娥"), Likeness::Sound);
        assert_eq!(sound("周巧娥"), sound("邹巧娥"));
        assert_eq!(likeness("白海喜", "白侮喜"), Likeness::OneCharacter);
        assert_eq!(likeness("王强", "王刚"), Likeness::Half);
        assert_eq!(likeness("王强", "李刚"), Likeness::Other);
        assert_eq!(likeness("张三", "张三之妻"), Likeness::Other);
    }

    #[test]
    fn who_hides_is_nobody() {
        for name in ["匿名", "张先生", "李女士", "王某某", "热心市民", "欧阳先生"]
        {
            assert!(is_anonymous(name), "{name}");
        }
        for name in ["张三", "王师", ""] {
            assert!(!is_anonymous(name), "{name}");
        }
        assert_eq!(family_of_anonymous("张先生"), Some('张'));
    }
}
