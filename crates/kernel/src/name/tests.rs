use proptest::prelude::*;

use super::*;

fn texts(keys: &[SearchKey], kind: SearchKind) -> Vec<&str> {
    keys.iter().filter(|key| key.kind == kind).map(|key| key.text.as_str()).collect()
}

#[test]
fn names_have_one_normal_form() {
    for (cell, text, remarks) in [
        ("张三", "张三", vec![]),
        ("张 三", "张三", vec![]),
        ("龚\u{3000}有宝", "龚有宝", vec![]),
        ("赵  亮\t", "赵亮", vec![]),
        ("劉國強", "刘国强", vec![]),
        ("赵福安（户主）", "赵福安", vec!["户主"]),
        ("李鹏(已核)", "李鹏", vec!["已核"]),
        ("毛红云*", "毛红云", vec!["*"]),
        ("王芳2", "王芳", vec!["2"]),
        ("阿依古丽•买买提", "阿依古丽·买买提", vec![]),
        ("阿依古丽.买买提", "阿依古丽·买买提", vec![]),
        ("阿依古丽 ・ 买买提", "阿依古丽·买买提", vec![]),
        ("阿依古丽．．买买提", "阿依古丽·买买提", vec![]),
        ("Ｎguyen  thi lan", "NGUYEN THI LAN", vec![]),
        ("王五（已故", "王五", vec!["已故"]),
        ("【新】王五[本人]", "王五", vec!["新", "本人"]),
        ("（户主）", "", vec!["户主"]),
        ("", "", vec![]),
    ] {
        let name = normal(cell);
        assert_eq!(name.text, text, "{cell}");
        assert_eq!(name.remarks, remarks, "{cell}");
        assert!(!format!("{name:?}").contains("三"));
    }
}

#[test]
fn some_cells_hold_no_whole_name() {
    for name in ["张三", "欧阳修", "阿依古丽·买买提", "NGUYEN THI LAN"] {
        assert!(is_whole_name(name), "{name}");
    }
    for name in ["", "张", "张先生", "匿名", "李某", "王某某", "刘女士", "群众"] {
        assert!(!is_whole_name(name), "{name}");
    }
}

#[test]
fn slips_of_the_ear_are_told_from_other_names() {
    use NameLikeness::*;
    for (one, other, likeness) in [
        ("王红玲", "汪红玲", SameSound { differing: 1 }),
        ("张若婷", "章若婷", SameSound { differing: 1 }),
        ("魏文芳", "魏文方", SameSound { differing: 1 }),
        ("白子博", "白子波", SameSound { differing: 1 }),
        ("徐家辉", "许家辉", SameSound { differing: 1 }),
        ("于梦洁", "余梦洁", SameSound { differing: 1 }),
        ("刘长海", "刘常海", SameSound { differing: 1 }),
        ("曾若瑶", "增若遥", SameSound { differing: 2 }),
        ("周巧娥", "邹巧娥", NearSound { differing: 1 }),
        ("程梓涵", "陈梓涵", NearSound { differing: 1 }),
        ("李林", "李玲", NearSound { differing: 1 }),
        ("张三", "张三", Same),
        ("张三", "李三", Different),
        ("张三", "张三丰", Different),
        ("石明", "单明", Different),
        ("张兙", "张兛", Different),
        ("张\u{2c35b}", "张\u{2c386}", Different),
        ("", "", Different),
    ] {
        assert_eq!(compare(one, other), likeness, "{one} {other}");
        assert_eq!(compare(other, one), likeness, "{other} {one}");
    }
    assert!(compare("王红玲", "汪红玲").is_one_slip());
    assert!(!compare("曾若瑶", "增若遥").is_one_slip());
}

#[test]
fn a_name_is_found_by_characters_pinyin_and_initials() {
    let keys = search_keys("张三丰");
    assert_eq!(texts(&keys, SearchKind::Name), ["三丰", "丰", "张三丰"]);
    assert_eq!(texts(&keys, SearchKind::Pinyin), ["sanfeng", "zhangsanfeng"]);
    assert_eq!(texts(&keys, SearchKind::Initials), ["sf", "zsf"]);
    for (name, spoken) in [
        ("单雄信", "shanxiongxin"),
        ("解晓东", "xiexiaodong"),
        ("仇英", "qiuying"),
        ("区志强", "ouzhiqiang"),
        ("曾子墨", "zengzimo"),
        ("查良镛", "zhaliangyong"),
        ("尉迟敬德", "yuchijingde"),
        ("长孙无忌", "zhangsunwuji"),
        ("欧阳修", "ouyangxiu"),
        ("翟志刚", "zhaizhigang"),
        ("覃海洋", "tanhaiyang"),
        ("覃海洋", "qinhaiyang"),
        ("吕布", "lvbu"),
        ("吕布", "lubu"),
        ("王乐", "wangyue"),
        ("张行", "zhanghang"),
        ("阿依古丽·买买提", "ayigulimaimaiti"),
        ("NGUYEN THI LAN", "nguyenthilan"),
    ] {
        assert!(texts(&search_keys(name), SearchKind::Pinyin).contains(&spoken), "{name} {spoken}");
    }
    assert!(texts(&search_keys("欧阳修"), SearchKind::Pinyin).contains(&"xiu"));
    assert!(texts(&search_keys("NGUYEN THI LAN"), SearchKind::Initials).contains(&"ntl"));
}

#[test]
fn what_is_typed_becomes_terms() {
    let terms = search_terms(" 劉 国");
    assert_eq!(texts(&terms, SearchKind::Name), ["刘国"]);
    let terms = search_terms("Zhang San");
    assert_eq!(texts(&terms, SearchKind::Pinyin), ["zhangsan"]);
    assert_eq!(texts(&terms, SearchKind::Initials), ["zhangsan"]);
    assert_eq!(texts(&search_terms("lü"), SearchKind::Pinyin), ["lv"]);
    assert!(search_terms("  * ").is_empty());
}

#[test]
fn names_that_sound_alike_share_a_key() {
    assert_eq!(sound_key("王红玲"), "wang hong ling");
    assert_eq!(sound_key("王红玲"), sound_key("汪洪铃"));
    assert_eq!(sound_key("阿依古丽·买买提"), "a yi gu li mai mai ti");
}

proptest! {
    #[test]
    fn the_normal_form_is_its_own_normal_form(cell in "[\\PC]{0,12}", mixed in "[劉国 a-dA-D·•.（()）*\u{3000}１-３瞭乹]{0,12}") {
        for text in [cell, mixed] {
            let once = normal(&text).text;
            prop_assert_eq!(&normal(&once).text, &once);
            prop_assert!(normal(&once).remarks.is_empty());
        }
    }

    #[test]
    fn blanks_and_remarks_do_not_change_a_name(name in "[\u{4e00}-\u{9fa5}]{2,4}", at in 0_usize..4) {
        let plain = normal(&name).text;
        let mut spaced: Vec<char> = name.chars().collect();
        spaced.insert(at.min(spaced.len()), '\u{3000}');
        let spaced: String = spaced.into_iter().chain("（户主）".chars()).collect();
        prop_assert_eq!(normal(&spaced).text, plain);
    }

    #[test]
    fn likeness_is_the_same_both_ways_and_a_name_is_like_itself(a in "[\u{4e00}-\u{9fa5}]{2,3}", b in "[\u{4e00}-\u{9fa5}]{2,3}") {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(compare(&a, &a), NameLikeness::Same);
    }

    #[test]
    fn every_name_is_found_by_itself(name in "[\u{4e00}-\u{9fa5}]{2,4}") {
        let name = normal(&name).text;
        let keys = search_keys(&name);
        let term = search_terms(&name);
        prop_assert!(keys.contains(&term[0]));
        prop_assert!(texts(&keys, SearchKind::Pinyin).iter().all(|key| key.is_ascii()));
    }

    #[test]
    fn no_cell_makes_the_readers_panic(cell in "\\PC{0,24}") {
        let name = normal(&cell).text;
        let _ = (search_keys(&name), search_terms(&cell), sound_key(&name), surname(&name));
        let _ = compare(&name, &cell);
    }
}
