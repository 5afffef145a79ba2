//! What stands in a number cell: never a panic, and what is read keeps its laws.
#![no_main]

use kernel::idnumber::{self, IdState};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reading) = idnumber::read(text) {
        let number = &reading.number;
        assert_eq!(number.reveal().chars().count(), 18);
        if number.state() == IdState::Ok {
            let again = idnumber::read(number.reveal()).expect("a good number is read again");
            assert_eq!(again.number.reveal(), number.reveal());
        }
        assert!(!number.masked().contains(&number.reveal()[6..14]), "the birth date is masked");
    }
    let _ = idnumber::read_certificate(text);
    let _ = idnumber::read_roll(text);
    if let Ok(value) = text.parse::<f64>() {
        let _ = idnumber::read_number_cell(value);
    }
});
