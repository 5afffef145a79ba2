use proptest::prelude::*;

use super::*;

/// A number with the right check character for seventeen digits.
fn number(digits: &str) -> IdNumber {
    let check = char::from(check_character(digits.as_bytes()).unwrap());
    IdNumber::of_form(&format!("{digits}{check}")).unwrap()
}

#[test]
fn the_example_of_the_standard_is_right() {
    // GB 11643-1999, appendix: 11010519491231002X and 440524188001010014.
    let first = IdNumber::parse("11010519491231002X").unwrap();
    assert_eq!(first.birth_day(), Some(Day::parse("1949-12-31").unwrap()));
    assert_eq!(first.sex(), Sex::Female);
    assert_eq!(first.area_prefix(), "110105");
    let second = IdNumber::parse("440524188001010014").unwrap();
    assert_eq!(second.sex(), Sex::Male);
    assert_eq!(second.birth_day(), Some(Day::parse("1880-01-01").unwrap()));
}

#[test]
fn what_is_wrong_is_said() {
    let code = |text: &str| IdNumber::parse(text).map_err(|bad| bad.code);
    assert_eq!(code("110105194912310021"), Err("idnumber.wrong_check"));
    assert_eq!(code("11010519491231002x"), Err("idnumber.wrong_form"));
    assert_eq!(code("1101051949123100"), Err("idnumber.wrong_form"));
    let no_day = number("11010519490231702");
    assert_eq!(no_day.state(), IdState::ImpossibleBirth);
    assert_eq!(code(no_day.reveal()), Err("idnumber.impossible_birth"));
}

#[test]
fn cells_are_repaired_and_the_repair_is_told() {
    use Repair::*;
    let whole = "11010519491231002X";
    for (cell, repairs) in [
        ("11010519491231002X", vec![]),
        ("11010519491231002x", vec![LowerX]),
        ("１１０１０５１９４９１２３１００２Ｘ", vec![FullWidth]),
        ("１１０１０５１９４９１２３１００２ｘ", vec![FullWidth]),
        ("110105 19491231 002X", vec![Blanks]),
        ("'11010519491231002X", vec![Quotes]),
        ("’11010519491231002X\t", vec![Blanks, Quotes]),
        ("110105-19491231-002X", vec![Dashes]),
        ("\u{feff}11010519491231002X", vec![Blanks]),
        ("11010519491231002×", vec![LowerX]),
        ("110105491231002", vec![FifteenDigits]),
        ("110105 491231 002", vec![Blanks, FifteenDigits]),
    ] {
        let reading = read(cell).unwrap();
        assert_eq!(reading.number.reveal(), whole, "{cell}");
        assert_eq!(reading.state, IdState::Ok);
        assert_eq!(reading.repairs, repairs, "{cell}");
    }
}

#[test]
fn what_a_spreadsheet_has_eaten_is_never_guessed() {
    for (cell, expected) in [
        ("5.0011E+17", "idnumber.scientific"),
        ("5.12222e+17", "idnumber.scientific"),
        ("５.12222E+17", "idnumber.scientific"),
        ("5E+17", "idnumber.scientific"),
        ("5.12222195409028E+17", "idnumber.cut_to_fifteen"),
        ("512222195409028000", "idnumber.cut_to_fifteen"),
        ("", "idnumber.empty"),
        ("  ", "idnumber.empty"),
        ("无", "idnumber.wrong_characters"),
        ("5122**********8978", "idnumber.wrong_characters"),
        ("51222219540902897", "idnumber.wrong_length"),
        ("5122221954090289788", "idnumber.wrong_length"),
        ("X12222195409028978", "idnumber.wrong_characters"),
    ] {
        let problem = read(cell).map(|_| ()).unwrap_err();
        assert_eq!(problem.code(), expected, "{cell}");
    }
    let cut = read("5.12222195409028E+17").unwrap_err();
    assert_eq!(cut.first_fifteen(), Some("512222195409028"));
    let cell = read_number_cell(5.12222195409028e17).unwrap_err();
    assert_eq!(cell.first_fifteen(), Some("512222195409028"));
    assert!(!format!("{cell:?}").contains("512222"));
    for certificate in ["5.12222195409028E+19", "51222219540902800000", "5122221954090280000000"] {
        let cut = read_certificate(certificate).unwrap_err();
        assert_eq!(cut.first_fifteen(), Some("512222195409028"), "{certificate}");
    }
    let cell = read_number_cell(5.12222195409028e19).unwrap_err();
    assert_eq!(cell.first_fifteen(), Some("512222195409028"));
    // Cut, and yet the check character agrees by chance.
    let by_chance = (0..1000)
        .map(|day| number(&format!("110105194912{day:03}00")))
        .find(|number| number.reveal().ends_with("000"))
        .unwrap();
    assert!(read(by_chance.reveal()).unwrap().may_be_cut());
    assert!(!read("11010519491231002X").unwrap().may_be_cut());
    assert!(read_number_cell(5.12222195409028e14).is_ok());
    assert!(read_number_cell(0.5).is_err());
    assert!(read_number_cell(f64::NAN).is_err());
    assert!(read_number_cell(-1e17).is_err());
}

#[test]
fn a_wrong_check_character_is_kept_and_marked() {
    let reading = read("512222197502198126").unwrap();
    assert_eq!(reading.state, IdState::WrongCheck);
    assert_eq!(reading.number.first_fifteen(), "512222197502198");
    let right = IdNumber::of_form("512222197502198196").unwrap();
    assert_eq!(right.places_differing(&reading.number), 1);
}

#[test]
fn certificates_and_roll_numbers_hold_a_number() {
    let first = read_certificate("11010519491231002X44").unwrap();
    assert_eq!((first.category, first.grade, first.reissue), (4, 4, None));
    assert_eq!(first.id.number.reveal(), "11010519491231002X");
    let again = read_certificate("11010519491231002x71b1").unwrap();
    assert_eq!((again.category, again.grade, again.reissue), (7, 1, Some("b1".to_owned())));
    for bad in ["", "11010519491231002X", "11010519491231002X85", "11010519491231002X4", "无"] {
        assert!(read_certificate(bad).is_err(), "{bad}");
    }
    for roll in ["G11010519491231002X", "g11010519491231002x", "Ｇ11010519491231002X "] {
        assert_eq!(read_roll(roll).unwrap().number.reveal(), "11010519491231002X", "{roll}");
    }
    assert!(read_roll("11010519491231002X").is_err());
    assert!(read_roll("G1234").is_err());
}

#[test]
fn nothing_prints_a_whole_number() {
    let reading = read("11010519491231002X").unwrap();
    let shown = format!("{reading:?} {}", reading.number);
    assert!(shown.contains("1101**********002X"), "{shown}");
    assert!(!shown.contains("19491231"), "{shown}");
    assert!(!format!("{:?}", read_certificate("11010519491231002X44")).contains("19491231"));
}

prop_compose! {
    fn any_number()(area in "[1-8][0-9]{5}", day in -30_000_i64..20_000, sequence in 0_u32..1000)
        -> IdNumber
    {
        let day = Day::from_count(day);
        number(&format!("{area}{:04}{:02}{:02}{sequence:03}", day.year(), day.month(), day.day()))
    }
}

proptest! {
    #[test]
    fn a_made_number_is_read_back(number in any_number()) {
        prop_assert_eq!(IdNumber::parse(number.reveal()), Ok(number));
        prop_assert_eq!(read(number.reveal()).unwrap().number, number);
        let rejoined = format!("{}{}", number.first_fifteen(), &number.last_six()[3..]);
        prop_assert_eq!(rejoined, number.reveal());
    }

    #[test]
    fn one_wrong_character_is_always_noticed(number in any_number(), place in 0_usize..18, other in 0_u8..11) {
        let mut bytes = number.reveal().as_bytes().to_vec();
        let new = if other == 10 { b'X' } else { b'0' + other };
        let same = bytes[place] == new;
        bytes[place] = new;
        let text = String::from_utf8(bytes).unwrap();
        if let Some(read) = IdNumber::of_form(&text) {
            let expected = if same { IdState::Ok } else { IdState::WrongCheck };
            prop_assert_eq!(read.state(), expected);
            prop_assert_eq!(read.places_differing(&number), usize::from(!same));
        }
    }

    #[test]
    fn two_neighbours_swapped_are_always_noticed(number in any_number(), place in 0_usize..16) {
        let mut bytes = number.reveal().as_bytes().to_vec();
        let same = bytes[place] == bytes[place + 1];
        bytes.swap(place, place + 1);
        let text = String::from_utf8(bytes).unwrap();
        if let Some(read) = IdNumber::of_form(&text) {
            let expected = if same { IdState::Ok } else { IdState::WrongCheck };
            prop_assert_eq!(read.state(), expected);
        }
    }

    #[test]
    fn fifteen_digits_become_the_number_they_came_from(area in "[1-8][0-9]{5}", day in -25_567_i64..10_957, sequence in 0_u32..1000) {
        let day = Day::from_count(day);
        let (year, month, day) = (day.year(), day.month(), day.day());
        let number = number(&format!("{area}{year:04}{month:02}{day:02}{sequence:03}"));
        let whole = number.reveal();
        let fifteen = format!("{}{}", &whole[..6], &whole[8..17]);
        prop_assert_eq!(IdNumber::of_fifteen(&fifteen), Some(number));
        prop_assert_eq!(read(&fifteen).unwrap().number, number);
    }

    #[test]
    fn no_cell_makes_the_readers_panic(cell in "\\PC{0,24}", number in any::<f64>()) {
        let _ = read(&cell);
        let _ = read_certificate(&cell);
        let _ = read_roll(&cell);
        let _ = read_number_cell(number);
    }
}
