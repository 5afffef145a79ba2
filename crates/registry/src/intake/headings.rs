//! What a heading means when it is not written as any list wrote it before: roles in front of it [参保人, 借款人], words
//! that mean the same [身份证件号码, 公民身份号码], brackets, one character more or less.

use kernel::cells::Unit;
use sheets::squeeze;

/// Whose value stands in a column, where its heading says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of the one whom the row is about, or not said.
    Own,
    /// Of the head of the household.
    Head,
    /// Of somebody else: a guardian, a guarantor, the clerk.
    Other,
}

/// The words that stand in front of what a column holds; data of the packs.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    own: Vec<String>,
    other: Vec<String>,
}

const HEADS: [&str; 4] = ["户主", "农户", "户代表", "家庭户主"];

impl Roles {
    /// From the packs' words, the longer first.
    pub fn new(own: &[String], other: &[String]) -> Self {
        let ordered = |words: &[String]| {
            let mut words: Vec<String> = words.iter().map(|word| plain_heading(word)).collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
            words
        };
        Self { own: ordered(own), other: ordered(other) }
    }

    /// Whose value a plain heading announces.
    pub fn whose(&self, heading: &str) -> Whose {
        if HEADS.iter().any(|head| heading.starts_with(head)) {
            return Whose::Head;
        }
        let own = self.own.iter().find(|role| heading.starts_with(role.as_str()));
        let other = self.other.iter().find(|role| heading.starts_with(role.as_str()));
        match (own, other) {
            (Some(own), Some(other)) if own.len() >= other.len() => Whose::Own,
            (_, Some(_)) => Whose::Other,
            _ => Whose::Own,
        }
    }

    /// Whether the heading begins with a word for the one whom the row is about.
    pub fn names_own(&self, heading: &str) -> bool {
        self.own.iter().any(|role| heading.starts_with(role.as_str()))
    }

    /// Whether the heading is the word for the one whom the row is about, and nothing else.
    pub fn is_own(&self, heading: &str) -> bool {
        self.own.iter().any(|role| role == heading)
    }

    /// The heading without the role in front of it; the whole if nothing would be left.
    fn bare<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        while let Some(shorter) = self
            .own
            .iter()
            .find_map(|role| rest.strip_prefix(role.as_str()))
            .map(|rest| rest.trim_start_matches('的'))
            .filter(|rest| rest.chars().count() >= 2)
        {
            rest = shorter;
        }
        rest
    }
}

/// A heading in the forms in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// Without what stands in brackets.
    pub(super) outside: String,
    /// Without the marks of the brackets.
    flat: String,
    /// Without the role in front.
    bare: String,
}

impl Forms {
    /// Of a heading, plain or not.
    pub fn of(heading: &str, roles: &Roles) -> Self {
        let plain = plain_heading(heading);
        let mut outside = String::new();
        let mut depth = 0usize;
        for c in plain.chars() {
            match c {
                '(' | '[' | '【' | '〔' => depth += 1,
                ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
                _ if depth == 0 => outside.push(c),
                _ => {}
            }
        }
        if outside.is_empty() {
            outside.clone_from(&plain);
        }
        let outside = same_words(&outside);
        let flat: String = plain.chars().filter(|c| !"()[]【】〔〕".contains(*c)).collect();
        let bare = roles.bare(&outside).to_owned();
        Self { flat: same_words(&flat), bare, outside }
    }

    /// 0 to 93: how surely both mean the same column.
    pub fn likeness(&self, known: &Forms) -> u8 {
        if self.outside == known.outside || self.flat == known.flat {
            return 93;
        }
        if self.bare == known.bare && self.bare.chars().count() >= 2 {
            return 86;
        }
        let inside = inside(&self.outside, &known.outside).max(inside(&self.bare, &known.bare));
        let common = self.common(known, 60);
        // what a heading ends with says what stands there: 贷款余额 is not 贷款金额
        let same_end = ending(&self.outside) == ending(&known.outside);
        inside.max(match common {
            80.. if same_end => 78,
            75.. if same_end => 68,
            60.. => 50,
            _ => 0,
        })
    }
}

impl Forms {
    /// How much both have in common, in per cent; never enough by itself.
    pub fn resemblance(&self, known: &Forms) -> usize {
        self.common(known, 1)
    }

    /// The same, where less than `least` per cent may be told as 0.
    fn common(&self, known: &Forms, least: usize) -> usize {
        let outside = common(&self.outside, &known.outside, least);
        if self.bare == self.outside && known.bare == known.outside {
            return outside;
        }
        outside.max(common(&self.bare, &known.bare, least))
    }
}

/// Words that mean the same become one of them.
fn same_words(text: &str) -> String {
    const SAME: [(&str, &str); 33] = [
        ("公民身份证", "身份证"),
        ("居民身份证", "身份证"),
        ("公民身份", "身份证"),
        ("身份证件", "身份证"),
        ("身份证明", "身份证"),
        ("社会保障号", "身份证号"),
        ("号码", "号"),
        ("序号", "号"),
        ("编号", "号"),
        ("编码", "号"),
        ("年月日", "日期"),
        ("时间", "日期"),
        ("年月", "日期"),
        ("行政村", "村"),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("村居委会", "村"),
        ("村社区", "村"),
        ("村居", "村"),
        ("村级", "村"),
        ("村庄", "村"),
        ("乡镇街道", "乡镇"),
        ("镇街", "乡镇"),
        ("镇乡", "乡镇"),
        ("手机", "电话"),
        ("联系方式", "联系电话"),
        ("住址", "地址"),
        ("自负", "自付"),
        ("数额", "金额"),
        ("种类", "类型"),
        ("类别", "类型"),
        ("名称", ""),
        ("情况", ""),
    ];
    let mut text = text.to_owned();
    for (from, to) in SAME {
        if text.contains(from) && text != from {
            text = text.replace(from, to);
        }
    }
    text
}

/// One inside the other, at its beginning or end: the more of it, the surer.
fn inside(words: &str, known: &str) -> u8 {
    let (long, short) = if words.len() >= known.len() { (words, known) } else { (known, words) };
    let (all, part) = (long.chars().count(), short.chars().count());
    if part < 2 || !(long.starts_with(short) || long.ends_with(short)) {
        return 0;
    }
    match part * 100 / all.max(1) {
        75.. => 85,
        60.. => 75,
        50.. => 65,
        _ => 0,
    }
}

/// The last two characters.
fn ending(text: &str) -> Vec<char> {
    text.chars().rev().take(2).collect()
}

/// How much of both is common, in the same order, in per cent; 0 where that is less than `least`. A file's headings are
/// compared with every heading of every template, and most share no character: those are told without working it out.
fn common(one: &str, other: &str, least: usize) -> usize {
    let both = one.chars().count() + other.chars().count();
    let shared = one.chars().filter(|c| other.contains(*c)).count();
    if shared * 200 < least * both {
        return 0;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len().min(b.len()) < 2 {
        return 0;
    }
    let mut before = vec![0usize; b.len() + 1];
    for x in &a {
        let mut now = vec![0usize; b.len() + 1];
        for (at, y) in b.iter().enumerate() {
            let longest = if x == y {
                before.get(at).copied().unwrap_or(0) + 1
            } else {
                before.get(at + 1).copied().max(now.get(at).copied()).unwrap_or(0)
            };
            if let Some(place) = now.get_mut(at + 1) {
                *place = longest;
            }
        }
        before = now;
    }
    before.last().copied().unwrap_or(0) * 200 / (a.len() + b.len())
}

/// A heading made comparable: squeezed, marks at its ends and what stands in its last brackets left off if that is a
/// unit, an example or a remark (`金额(元)`, `姓名*`, `日期(必填)`).
pub fn plain_heading(heading: &str) -> String {
    let text = squeeze(heading);
    let text = text.trim_matches(['*', ':', '★', '※', '、', '.', '"', '\'']);
    match text.rsplit_once('(') {
        Some((before, inside)) if !before.is_empty() && inside.ends_with(')') => {
            let inside = inside.trim_end_matches(')');
            let drop = Unit::declared_in(&format!("({inside})")).is_some()
                || [
                    "㎡",
                    "m²",
                    "m2",
                    "平方米",
                    "亩",
                    "间",
                    "人",
                    "户",
                    "天",
                    "月",
                    "个月",
                    "岁",
                    "公里",
                    "千米",
                    "月数",
                ]
                .contains(&inside)
                || inside.contains("必填")
                || inside.contains("如")
                || inside.contains("格式")
                || inside.contains("yyyy");
            if drop { before.to_owned() } else { text.to_owned() }
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> Roles {
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        Roles::new(
            &words(&["参保人", "参保人员", "借款人", "申请人", "机动车"]),
            &words(&["监护人", "担保人", "申报人", "家长"]),
        )
    }

    fn like(heading: &str, known: &str) -> u8 {
        Forms::of(heading, &roles()).likeness(&Forms::of(known, &roles()))
    }

    #[test]
    fn what_cannot_reach_a_bound_is_told_as_nothing_and_all_else_as_it_is() {
        let words =
            ["贷款余额", "贷款本金余额", "贷款金额", "姓名", "患者姓名", "", "村", "结算日期"];
        for one in words {
            for other in words {
                let whole = common(one, other, 0);
                for least in [1, 60, 100] {
                    let told = common(one, other, least);
                    let right =
                        if whole < least { told == 0 || told == whole } else { told == whole };
                    assert!(right, "{one} {other}: {told} of {whole}, at least {least}");
                }
            }
        }
    }

    #[test]
    fn a_heading_nobody_has_seen_is_known_by_its_words() {
        for (heading, known) in [
            ("参保人员姓名", "姓名"),
            ("借款人身份证号码", "身份证号"),
            ("身份证件编号", "身份证号码"),
            ("参保地（乡镇）", "参保地"),
            ("村（居）名称", "村(居)"),
            ("户主(申请人)姓名", "户主姓名"),
            ("合规自负费用", "合规自付费用"),
            ("鉴定年月日", "鉴定日期"),
            ("清算日期", "结算日期"),
            ("贷款本金余额", "贷款余额"),
            ("工单序号", "工单编号"),
        ] {
            assert!(like(heading, known) >= 65, "{heading} {known} {}", like(heading, known));
        }
        for (heading, known) in [
            ("出院日期", "结算日期"),
            ("贷款本金", "贷款余额"),
            ("贷款本金余额", "贷款金额"),
            ("住院天数", "逾期天数"),
        ] {
            assert!(like(heading, known) < 60, "{heading} {known} {}", like(heading, known));
        }
    }

    #[test]
    fn the_number_of_a_guardian_is_nobody_elses() {
        assert_eq!(roles().whose("监护人身份证号"), Whose::Other);
        assert_eq!(roles().whose("担保人证件号"), Whose::Other);
        assert_eq!(roles().whose("户主身份证号"), Whose::Head);
        assert_eq!(roles().whose("参保人身份证号"), Whose::Own);
    }

    #[test]
    fn units_and_marks_are_no_part_of_a_heading() {
        for (heading, plain) in [
            ("月保障金/救助金额(元)", "月保障金/救助金额"),
            ("房屋倒损（间）", "房屋倒损"),
            (" 姓 名 *", "姓名"),
            ("村（居）委会", "村(居)委会"),
            ("迁往(来)地", "迁往(来)地"),
            ("乡镇(街道)", "乡镇(街道)"),
        ] {
            assert_eq!(plain_heading(heading), plain);
        }
    }
}
