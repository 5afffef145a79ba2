//! Cells as clerks write them: the same number, name, day or amount in the many ways in which it arrives.

use kernel::time::Day;
use sheets::FormCell;

use super::dice::Dice;
use super::words::Words;

/// The hand of one clerk.
pub struct Pen<'a> {
    /// How it falls.
    pub dice: Dice,
    words: &'a Words,
}

impl<'a> Pen<'a> {
    /// A pen for one list.
    pub fn new(dice: Dice, words: &'a Words) -> Self {
        Pen { dice, words }
    }

    /// An identity number: mostly as it is.
    pub fn id(&mut self, id: &str) -> FormCell {
        if !self.dice.often(60) {
            return id.into();
        }
        let born_before_2000 = id.get(6..8) == Some("19");
        match self.dice.below(8) {
            0 => id.to_lowercase().into(),
            1 => wide(id).into(),
            2 => spaced(id).into(),
            3 => format!("'{id}").into(),
            4 => format!("{id}\t").into(),
            5 => self.one_wrong(id).into(),
            6 if born_before_2000 => fifteen(id).into(),
            // What a spreadsheet keeps of eighteen digits.
            _ => match id.get(..15).and_then(|digits| digits.parse::<f64>().ok()) {
                Some(kept) => FormCell::Number(kept * 1000.0),
                None => id.into(),
            },
        }
    }

    /// One digit of the last ones hit wrongly.
    fn one_wrong(&mut self, id: &str) -> String {
        let at = self.dice.below(3) + 14;
        let swap = |digit: char| char::from_digit((digit.to_digit(10).unwrap_or(0) + 1) % 10, 10);
        id.chars()
            .enumerate()
            .map(|(place, digit)| if place == at { swap(digit).unwrap_or(digit) } else { digit })
            .collect()
    }

    /// A name: with a blank inside, in old characters, or with a remark behind it.
    pub fn name(&mut self, name: &str) -> String {
        if !self.dice.often(50) {
            return name.to_owned();
        }
        match self.dice.below(4) {
            0 if name.chars().count() == 2 => {
                let gap = self.dice.of(["\u{3000}", "  ", " "]);
                name.chars().map(String::from).collect::<Vec<_>>().join(gap)
            }
            1 | 2 => name.chars().map(|c| paired(&self.words.variants, c).unwrap_or(c)).collect(),
            _ => format!("{name}{}", self.dice.word(&self.words.remarks)),
        }
    }

    /// A name as somebody heard it: one character of the same sound.
    pub fn heard(&self, name: &str) -> String {
        let mut once = false;
        name.chars()
            .map(|c| match paired(&self.words.sounds, c) {
                Some(other) if !once => {
                    once = true;
                    other
                }
                _ => c,
            })
            .collect()
    }

    /// A day in one of six forms.
    pub fn day(&mut self, day: Day) -> FormCell {
        let iso = day.to_string();
        let mut parts = iso.split('-');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (year, mm, dd) = (part(), part(), part());
        let (m, d) = (mm.trim_start_matches('0'), dd.trim_start_matches('0'));
        match self.dice.below(12) {
            0 => format!("{year}.{m}.{d}").into(),
            1 => format!("{year}年{m}月{d}日").into(),
            2 => format!("{year}/{m}/{d}").into(),
            3 => FormCell::Number(serial(day)),
            4 => format!("{year}{mm}{dd}").into(),
            5 => FormCell::Date(serial(day)),
            _ => iso.into(),
        }
    }

    /// An amount in yuan, in units of so many yuan: a number, with separators, or with its unit behind it.
    pub fn amount(&mut self, yuan: f64, unit: f64) -> FormCell {
        if unit > 1.0 {
            return FormCell::Number((yuan / unit * 1e6).round() / 1e6);
        }
        match self.dice.below(40) {
            0 | 1 if yuan >= 1000.0 => separated(yuan).into(),
            2 => format!("{yuan:.2}元").into(),
            _ => FormCell::Number(yuan),
        }
    }

    /// A village: sometimes by its former name, sometimes without 村.
    pub fn village(&mut self, name: &str, former: &str) -> String {
        match self.dice.below(20) {
            0 | 1 if !former.is_empty() => former.to_owned(),
            2 if name.chars().count() > 2 => name.trim_end_matches('村').to_owned(),
            _ => name.to_owned(),
        }
    }

    /// A township: sometimes without 乡 or 镇.
    pub fn town(&mut self, name: &str) -> String {
        if self.dice.often(40) {
            name.trim_end_matches(['乡', '镇']).to_owned()
        } else {
            name.to_owned()
        }
    }
}

/// Days since 1899-12-30.
pub fn serial(day: Day) -> f64 {
    f64::from(day.count() + 25_569)
}

fn wide(id: &str) -> String {
    id.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect()
}

fn spaced(id: &str) -> String {
    let part = |from: usize, to: usize| id.get(from..to).unwrap_or_default();
    format!("{} {} {}", part(0, 6), part(6, 14), part(14, id.len()))
}

fn fifteen(id: &str) -> String {
    format!("{}{}", id.get(..6).unwrap_or_default(), id.get(8..17).unwrap_or_default())
}

/// The other character of a pair, in either direction.
fn paired(pairs: &str, c: char) -> Option<char> {
    let list: Vec<char> = pairs.chars().collect();
    list.chunks_exact(2).find_map(|pair| match pair {
        [one, other] if *one == c => Some(*other),
        _ => None,
    })
}

fn separated(yuan: f64) -> String {
    let text = format!("{yuan:.2}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slips_are_those_of_a_spreadsheet() {
        assert_eq!(wide("12X"), "１２Ｘ");
        assert_eq!(spaced("140430198003057013"), "140430 19800305 7013");
        assert_eq!(fifteen("140430198003057013"), "140430800305701");
        assert_eq!(separated(1_234_567.5), "1,234,567.50");
        assert_eq!(separated(912.0), "912.00");
        assert!((serial(Day::parse("2026-10-31").unwrap()) - 46_326.0).abs() < 0.1);
    }

    #[test]
    fn a_name_is_heard_with_one_wrong_character_and_written_in_old_ones() {
        let (words, _) = super::super::words::load().unwrap();
        let pen = Pen::new(Dice::new(1), &words);
        assert_eq!(pen.heard("张伟"), "章伟");
        assert_eq!(pen.heard("罗罡"), "罗罡");
        assert_eq!(paired(&words.variants, '刘'), Some('劉'));
    }
}
