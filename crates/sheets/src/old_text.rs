//! Text in the records of old workbooks.

use crate::compound::u16_at;

/// Text in records that may go on in the next one: there the first byte says anew how wide the letters are.
pub(crate) struct Text<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Text<'a> {
    /// The text in one record, from a place on.
    pub(crate) fn after(data: &'a [u8], at: usize) -> Self {
        Self { pieces: vec![data], piece: 0, at }
    }

    /// The texts in a record and those that continue it.
    pub(crate) fn over(pieces: Vec<&'a [u8]>) -> Self {
        Self { pieces, piece: 0, at: 0 }
    }

    /// What is left of the record that is being read; the next one when nothing is.
    fn rest(&mut self) -> Option<&'a [u8]> {
        loop {
            let rest = self.pieces.get(self.piece)?.get(self.at..).unwrap_or_default();
            if !rest.is_empty() {
                return Some(rest);
            }
            (self.piece, self.at) = (self.piece + 1, 0);
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.rest()?.first().copied();
        self.at += 1;
        byte
    }

    fn two(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.rest()?.len().min(bytes);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// A text whose length has two bytes.
    pub(crate) fn long(&mut self) -> Option<String> {
        let len = self.two()?;
        self.letters(usize::from(len))
    }

    /// A text whose length has one byte.
    pub(crate) fn short(&mut self) -> Option<String> {
        let len = self.byte()?;
        self.letters(usize::from(len))
    }

    fn letters(&mut self, len: usize) -> Option<String> {
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.two()?) };
        let more = match flags & 4 {
            0 => 0,
            _ => usize::from(self.two()?) + (usize::from(self.two()?) << 16),
        };
        let (mut wide, mut units) = (flags & 1 == 1, Vec::new());
        while units.len() < len {
            let before = self.piece;
            let rest = self.rest()?;
            if self.piece != before {
                wide = self.byte()? & 1 == 1;
                continue;
            }
            let left = len - units.len();
            let taken = if wide {
                let pairs = rest.chunks_exact(2).take(left);
                units.extend(pairs.filter_map(|two| u16_at(two, 0)));
                (rest.len() / 2).min(left) * 2
            } else {
                units.extend(rest.iter().take(left).map(|byte| u16::from(*byte)));
                rest.len().min(left)
            };
            if taken == 0 {
                return None;
            }
            self.at += taken;
        }
        self.skip(runs * 4)?;
        self.skip(more)?;
        Some(String::from_utf16_lossy(&units))
    }
}
