//! Places as real lists write them.

use super::*;

fn county() -> Places {
    let area = |code: u64, parent: u64, names: &[&str]| AreaName {
        code,
        parent,
        village: !code.is_multiple_of(1000),
        town: code.is_multiple_of(1000) && !code.is_multiple_of(1_000_000),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    Places::new([
        area(500_000_000_000, 0, &["重庆市"]),
        area(500_100_000_000, 0, &["市辖区"]),
        area(500_154_000_000, 0, &["开州区"]),
        area(500_154_201_000, 500_154_000_000, &["关面乡"]),
        area(500_154_102_000, 500_154_000_000, &["开州镇"]),
        area(500_154_201_200, 500_154_201_000, &["泉秀村", "泉秀村村民委员会"]),
        area(500_154_201_203, 500_154_201_000, &["水溪村", "水溪村村民委员会"]),
        area(500_154_201_205, 500_154_201_000, &["火焰村", "火焰村村民委员会", "火家坪村"]),
        area(500_154_201_206, 500_154_201_000, &["关面村", "关面村村民委员会"]),
        area(500_154_201_001, 500_154_201_000, &["关庙社区", "关庙社区居民委员会"]),
        area(500_154_102_203, 500_154_102_000, &["水溪村", "水溪村村民委员会"]),
    ])
}

#[test]
fn a_village_is_found_however_its_place_is_written() {
    let county = county();
    for (town, village, address, code, certainty) in [
        ("关面乡", "水溪村", "", 203, Certainty::Exact),
        ("关面", "水溪", "", 203, Certainty::Exact),
        ("关面乡", "关面乡水溪村", "", 203, Certainty::Exact),
        ("关面", "重庆市开州区关面乡水溪村", "", 203, Certainty::Exact),
        ("关面乡", "关面村", "", 206, Certainty::Exact),
        ("", "", "开州区关面乡泉秀3组", 200, Certainty::Exact),
        ("", "", "重庆市开州区关面乡火家坪村5组", 205, Certainty::Exact),
        ("", "", "关面乡泉秀村村民委员会", 200, Certainty::Exact),
        ("", "", "关面乡火焰村老屋湾12号", 205, Certainty::Exact),
        ("", "", "关面乡关庙社区第三村民小组", 1, Certainty::Exact),
        ("关而乡", "永溪村", "", 203, Certainty::Slip),
        ("注：以上为初步统计", "泉秀村", "", 200, Certainty::Exact),
    ] {
        let place = county.resolve(Some(town), Some(village), Some(address));
        assert_eq!(place.villages, vec![500_154_201_000 + code], "{town} {village} {address}");
        assert_eq!(place.certainty, certainty, "{town} {village} {address}");
    }
    let other = county.resolve(None, None, Some("开州区开州镇水溪村"));
    assert_eq!(other.villages, vec![500_154_102_203]);
}

#[test]
fn what_is_not_known_is_said_to_be_unknown() {
    let county = county();
    let twice = county.resolve(None, Some("水溪村"), None);
    assert_eq!(twice.villages.len(), 2);
    let town = county.resolve(Some("关面乡"), None, None);
    assert_eq!((town.villages.len(), town.fits(500_154_201_203)), (0, Some(true)));
    assert_eq!(town.fits(500_154_102_203), Some(false));
    let hamlet = county.resolve(Some("关面乡"), Some("老鹰嘴沟"), None);
    assert_eq!(hamlet.certainty, Certainty::Unknown);
    let away = county.resolve(None, None, Some("湖北省恩施市龙凤镇"));
    assert_eq!((away.is_known(), away.certainty), (false, Certainty::Elsewhere));
}
