//! Kept contents of number cells that are odd or hostile: read or not, never a panic, and what is read keeps its laws.
//! `fuzz/run` begins with them, and what it finds is kept here.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use std::path::Path;

use kernel::idnumber::{self, IdState};

#[test]
fn every_kept_cell_is_read_lawfully_or_not_at_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let (mut right, mut unusable) = (0, 0);
    for one in std::fs::read_dir(folder).expect("corpus") {
        let path = one.expect("file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        match idnumber::read(&text) {
            Ok(reading) => {
                let number = reading.number;
                assert_eq!(number.reveal().chars().count(), 18, "{}", path.display());
                let birth = number.reveal().get(6..14).expect("eighteen characters");
                assert!(!number.masked().contains(birth), "{}", path.display());
                if number.state() == IdState::Ok {
                    right += 1;
                    let again = idnumber::read(number.reveal()).expect("read again");
                    assert_eq!(again.number.reveal(), number.reveal());
                }
            }
            Err(_) => unusable += 1,
        }
        let _ = (idnumber::read_certificate(&text), idnumber::read_roll(&text));
        if let Ok(value) = text.parse::<f64>() {
            let _ = idnumber::read_number_cell(value);
        }
    }
    assert!(right >= 4 && unusable >= 8, "{right} right, {unusable} unusable");
}
