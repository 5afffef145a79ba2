use proptest::prelude::*;

use super::*;

#[test]
fn suffixes_are_left_off() {
    for (written, bare) in [
        ("关面乡", "关面"),
        ("关面", "关面"),
        ("關面鄉", "关面"),
        ("王泉村", "王泉"),
        ("王泉村委会", "王泉"),
        ("王泉村民委员会", "王泉"),
        ("关庙社区", "关庙"),
        ("关庙社区居委会", "关庙"),
        ("定昌镇", "定昌"),
        ("汉丰街道办事处", "汉丰"),
        ("王村", "王村"),
        ("王村村", "王村"),
        ("王村村委会", "王村"),
        ("王村委会", "王村"),
        (" 王 泉 村（原川沟）", "王泉"),
        ("", ""),
        ("村", "村"),
    ] {
        assert_eq!(normal(written), bare, "{written}");
    }
}

#[test]
fn a_slip_of_one_character_is_told_from_another_place() {
    use PlaceLikeness::*;
    for (one, other, likeness) in [
        ("关面乡", "关而乡", OneCharacter),
        ("关面村", "美面", OneCharacter),
        ("石壕", "石塘村", OneCharacter),
        ("姚程村", "姚裎村", OneCharacter),
        ("火焰村", "火焰", Same),
        ("火焰村", "小园村", Different),
        ("火焰村", "火焰山村", Different),
        ("", "", Different),
    ] {
        assert_eq!(compare(one, other), likeness, "{one} {other}");
    }
}

#[test]
fn an_address_is_taken_apart() {
    let part = |text: &str| {
        let address = split_address(text);
        let or = |part: Option<String>| part.unwrap_or_else(|| "-".to_owned());
        let group = address.group.map_or("-".to_owned(), |number| number.to_string());
        let parts =
            [or(address.county), or(address.town), or(address.village), group, address.rest];
        parts.join("|")
    };
    for (text, parts) in [
        ("开州区关面乡姚家坪村6组", "开州区|关面乡|姚家坪村|6|"),
        ("开州区关面乡火焰2组", "开州区|关面乡|火焰|2|"),
        ("开州区关面乡关庙社区4组", "开州区|关面乡|关庙社区|4|"),
        ("关面乡关庙社区4组", "-|关面乡|关庙社区|4|"),
        ("关面乡火家坪村", "-|关面乡|火家坪村|-|"),
        ("关面村", "-|-|关面村|-|"),
        ("沁县牛寺乡王泉村第五组", "沁县|牛寺乡|王泉村|5|"),
        ("山西省长治市沁县牛寺乡王泉村十二组", "山西省长治市沁县|牛寺乡|王泉村|12|"),
        ("沁县定昌镇大村村3社", "沁县|定昌镇|大村村|3|"),
        ("开州区汉丰街道办事处金州社区", "开州区|汉丰街道办事处|金州社区|-|"),
        ("王泉村委会二十一村民小组12号", "-|-|王泉村委会|21|12号"),
        ("关面乡小园村街上", "-|关面乡|小园村|-|街上"),
        ("", "-|-|-|-|"),
    ] {
        assert_eq!(part(text), parts, "{text}");
    }
}

proptest! {
    #[test]
    fn likeness_is_the_same_both_ways(a in "[关面美而火焰村乡]{0,4}", b in "[关面美而火焰村乡]{0,4}") {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a));
    }

    #[test]
    fn a_suffix_does_not_change_a_place(name in "[关面美而火焰石]{2,4}") {
        for suffix in ["村", "乡", "镇", "村委会", "社区", "街道办事处"] {
            prop_assert_eq!(normal(&format!("{name}{suffix}")), name.clone());
        }
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "\\PC{0,24}", odd in "[关面村乡镇组第十二3社区县市委会（]{0,14}") {
        for text in [text, odd] {
            let _ = (normal(&text), split_address(&text), compare(&text, "关面"));
        }
    }
}
