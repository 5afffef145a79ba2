//! Each kind of evidence in a village small enough to follow every decision.

use kernel::ids::{HouseholdId, Id, PersonId};

use super::*;
use crate::intake::evidence::{AsRead, Evidence};

/// A digest without a key is enough for a test.
fn digest(text: &str) -> Key {
    text.bytes().fold(7, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(5)
    })
}

struct County {
    index: RegisterIndex,
    places: Places,
    numbers: Vec<String>,
    people: Vec<(String, String)>,
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn number_id(number: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (at, byte) in number.bytes().take(16).enumerate() {
        bytes[at] = byte;
    }
    bytes
}

impl County {
    fn decide(&self, evidence: &Evidence) -> Decision {
        let open = |member: Member| self.numbers.get(member.position()).cloned();
        Matcher::new(&self.index, &self.places, &digest, &open).decide(Subject::Person, evidence)
    }

    fn person(&self, decision: &Decision) -> Option<&str> {
        match decision {
            Decision::Sure { member, .. } => Some(&self.people[member.position()].0),
            _ => None,
        }
    }
}

/// The register of the unit tests: written out so that each decision can be followed.
fn village() -> County {
    village_with("")
}

/// The same, somebody held to be somebody else of it.
fn village_with(goes: &str) -> County {
    let mut builder = IndexBuilder::new();
    let (mut numbers, mut people) = (Vec::new(), Vec::new());
    let entries = [
        ("p1", "h1", 203, "王晓红", "512222197503058574", true),
        ("p2", "h1", 203, "李明", "512222197210298734", false),
        ("p3", "h2", 203, "张伟", "512222198203039552", true),
        ("p4", "h3", 203, "张伟", "512222196212059734", true),
        ("p5", "h4", 204, "赵涛", "512222197502198196", true),
        ("p6", "h5", 204, "孙红霞", "512222197303128746", true),
        ("p7", "h6", 204, "周刚", "512222197303128746", true),
        ("p8", "h7", 204, "周涛", "512222196709177737", true),
    ];
    for (person, household, village, name, number, head) in entries {
        builder.add(&Entry {
            goes: person == goes,
            person: PersonId::from_bytes(number_id(person)),
            household: HouseholdId::from_bytes(number_id(household)),
            person_number: person,
            household_number: household,
            village: 500_154_201_000 + village,
            name,
            birth: number[6..14].parse().ok(),
            male: Some(number.as_bytes()[16] % 2 == 1),
            number: Some(NumberKeys {
                whole: digest(number),
                first15: digest(&number[..15]),
                last6: digest(&number[12..]),
            }),
            wrong_check: !is_valid(number),
            phones: [(person == "p5").then(|| digest("16075050152")), None],
            head,
        });
        numbers.push(number.to_owned());
        people.push((person.to_owned(), household.to_owned()));
    }
    let area = |code: u64, name: &str, former: &str| AreaName {
        code,
        parent: code / 1000 * 1000,
        village: !code.is_multiple_of(1000),
        town: code.is_multiple_of(1000),
        names: vec![name.to_owned(), former.to_owned()],
    };
    let places = Places::new([
        area(500_154_201_000, "关面乡", ""),
        area(500_154_201_203, "水溪村", "水家坪村"),
        area(500_154_201_204, "关面村", ""),
    ]);
    County { index: builder.finish(), places, numbers, people }
}

fn told(id: &str, name: &str, place: &str) -> Evidence {
    Evidence {
        id: some(id).map(|id| AsRead::Text(id.to_owned())),
        name: some(name).map(str::to_owned),
        address: some(place).map(str::to_owned),
        ..Evidence::default()
    }
}

#[test]
fn who_is_held_to_be_somebody_else_is_found_by_the_own_number_and_stands_in_nobodys_way() {
    let (two, one) = (village(), village_with("p4"));
    let named = told("", "张伟", "关面乡水溪村");
    let numbered = told("512222196212059734", "张伟", "");
    assert_eq!(two.person(&two.decide(&named)), None);
    assert_eq!(one.person(&one.decide(&named)), Some("p3"));
    assert_eq!(one.person(&one.decide(&numbered)), Some("p4"));
}

#[test]
fn each_kind_of_evidence_leads_where_it_should() {
    let county = village();
    for (id, name, place, person, reason) in [
        ("512222197503058574", "王晓红", "", Some("p1"), Reason::Number),
        ("５１２２２２１９７５０３０５８５７４", "王 晓红", "", Some("p1"), Reason::NumberRepaired),
        ("512222197503058574", "王小红", "", Some("p1"), Reason::NumberNameAlike),
        ("512222197503058575", "王晓红", "", Some("p1"), Reason::OneSlipName),
        ("512222197530058574", "王晓红", "", Some("p1"), Reason::OneSlipName),
        ("51222219750305874", "王晓红", "", Some("p1"), Reason::OneSlipName),
        ("512222197503058000", "王晓红", "", Some("p1"), Reason::First15Name),
        ("5122**********8574", "王晓红", "", Some("p1"), Reason::MaskedNumberName),
        ("", "王晓红", "关面乡水家坪3组", Some("p1"), Reason::VillageName),
        ("", "王小红", "关面乡水溪村3组", Some("p1"), Reason::VillageSound),
        ("5.12222E+17", "王晓红", "关面乡水溪村", Some("p1"), Reason::VillageName),
        ("", "赵涛", "关面乡", Some("p5"), Reason::TownName),
        // the number of one, the name of another
        ("512222197503058574", "李明", "水溪村", None, Reason::NumberOtherName),
        ("512222197503058574", "周晓芳", "水溪村", None, Reason::NumberOtherName),
        // two slips with name and village; a stranger's number that passes its check is asked when it is that near
        ("512222197503158674", "王晓红", "水溪村", Some("p1"), Reason::TwoSlipsVillageName),
        ("512222197503158674", "王晓红", "", None, Reason::NumberNotInRegister),
        // one of two characters: believed with the village, unless somebody there is called so
        ("512222198203039552", "张传", "水溪村", Some("p3"), Reason::NumberNameAlike),
        ("512222197210298734", "李伟", "水溪村", Some("p2"), Reason::NumberNameAlike),
        ("512222197210298734", "李伟", "", None, Reason::NumberOtherName),
        ("512222197502198196", "周涛", "关面村", None, Reason::NumberOtherName),
        // two of one name
        ("", "张伟", "水溪村", None, Reason::SeveralOfThatName),
        // what is left of the number says otherwise
        ("5.00234E+17", "王晓红", "关面乡水溪村", None, Reason::NumberContradicts),
        ("512222198203039559", "王晓红", "关面乡水溪村", None, Reason::NumberContradicts),
        // strangers
        ("500154196305209957", "王晓红", "关面乡水溪村", None, Reason::NumberNotInRegister),
        ("", "林金林", "关面乡水溪村", None, Reason::NobodyOfThatName),
        ("", "王晓红", "关面乡关面村", None, Reason::NobodyOfThatName),
        ("", "王晓红", "湖北省恩施市龙凤镇", None, Reason::Elsewhere),
        ("", "匿名", "关面乡水溪村", None, Reason::Anonymous),
        // the register holds one number twice; the row's own is unknown
        ("500154196305209957", "周刚", "关面乡", None, Reason::NumberDoubtful),
        ("512222197303128746", "周刚", "", Some("p7"), Reason::Number),
        ("", "", "关面乡", None, Reason::NothingToGoBy),
    ] {
        let decision = county.decide(&told(id, name, place));
        assert_eq!(
            (county.person(&decision), decision.reason()),
            (person, reason),
            "{id} {name} {place}"
        );
    }
}

#[test]
fn every_reason_has_its_sentence_in_both_languages() {
    for lang in ["zh-CN", "en"] {
        let path =
            format!("{}/../../locales/{lang}/intake-matching.ftl", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        for reason in Reason::ALL {
            let id = format!("intake-reason-{} = ", reason.code());
            assert!(text.lines().any(|line| line.starts_with(&id)), "{lang} {id}");
        }
    }
}

#[test]
fn phone_and_sex_are_heard() {
    let county = village();
    let phone = Some(AsRead::Number(16_075_050_152.0));
    let caller = Evidence { phone: phone.clone(), ..told("", "赵涛", "水溪村") };
    assert_eq!(county.decide(&caller).reason(), Reason::PhoneName);
    let hidden = Evidence { phone, ..told("", "赵先生", "") };
    assert_eq!(county.decide(&hidden).reason(), Reason::PhoneOnly);
    let woman = Evidence { sex: Some("女".into()), ..told("", "赵涛", "关面村") };
    assert_eq!(county.decide(&woman).reason(), Reason::OtherEvidenceContradicts);
}
