//! Text tables: lines, fields, quotes. Lone quotes and short lines do no harm.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Cursor, Read};

use crate::{Cell, Charset, Limits, Result, Row, SheetError};

/// Bytes from which encoding and separator are told.
const HEAD: usize = 256 * 1024;
/// Lines that one quoted field may span before its quote is taken for a lone one.
const QUOTED_LINES: usize = 200;

/// The rows of a text table, read as they are asked for.
pub(crate) struct TextRows {
    source: Box<dyn BufRead + Send>,
    charset: Charset,
    separator: char,
    limits: Limits,
    /// Lines read ahead while a closing quote was looked for.
    waiting: VecDeque<(u32, String)>,
    line: u32,
    rows: u64,
    cells: u64,
    bad_lines: Vec<u32>,
    over: bool,
}

impl TextRows {
    /// From unpacked bytes.
    pub(crate) fn new(mut source: Box<dyn Read + Send>, limits: &Limits) -> Result<Self> {
        let mut head = Vec::new();
        source
            .by_ref()
            .take(HEAD as u64)
            .read_to_end(&mut head)
            .map_err(|error| limits.explain(error))?;
        let mut charset = Charset::detect(&head);
        let separator = separator(&charset.decode(&head).0);
        let rest = Cursor::new(head.clone()).chain(source);
        let source: Box<dyn BufRead + Send> = match charset {
            Charset::Utf16Le | Charset::Utf16Be => {
                let mut bytes = Vec::new();
                rest.take(limits.file_bytes).read_to_end(&mut bytes)?;
                let text = charset.decode(&bytes).0;
                charset = Charset::Utf8;
                Box::new(Cursor::new(text.into_bytes()))
            }
            _ => Box::new(BufReader::with_capacity(64 * 1024, rest)),
        };
        Ok(Self {
            source,
            charset,
            separator,
            limits: *limits,
            waiting: VecDeque::new(),
            line: 0,
            rows: 0,
            cells: 0,
            bad_lines: Vec::new(),
            over: false,
        })
    }

    /// Lines with bytes that are no characters; they were replaced by �.
    pub(crate) fn bad_lines(&self) -> &[u32] {
        &self.bad_lines
    }

    fn next_line(&mut self) -> Result<Option<(u32, String)>> {
        if let Some(line) = self.waiting.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let room = self.limits.line_bytes as u64 + 1;
        let read = self
            .source
            .by_ref()
            .take(room)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| self.limits.explain(error))?;
        if read == 0 {
            return Ok(None);
        }
        self.line = self.line.saturating_add(1);
        if bytes.len() > self.limits.line_bytes {
            return Err(SheetError::LongLine { row: self.line, limit: self.limits.line_bytes });
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        let bytes = match self.line {
            1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes),
            _ => &bytes,
        };
        let (text, good) = self.charset.decode(bytes);
        if !good && self.bad_lines.len() < 1000 {
            self.bad_lines.push(self.line);
        }
        Ok(Some((self.line, text)))
    }

    fn next_row(&mut self) -> Result<Option<Row>> {
        let Some((number, first)) = self.next_line()? else { return Ok(None) };
        let mut record = first.clone();
        let mut taken: Vec<(u32, String)> = Vec::new();
        let fields = loop {
            match split(&record, self.separator) {
                Split::Fields(fields) => break fields,
                // What a lone quote seems to enclose ends in the middle of another field.
                Split::Crooked(fields) if taken.is_empty() => break fields,
                split => {
                    let more = matches!(split, Split::Open)
                        && taken.len() < QUOTED_LINES
                        && record.len() <= self.limits.line_bytes;
                    match if more { self.next_line()? } else { None } {
                        Some(line) => {
                            record.push('\n');
                            record.push_str(&line.1);
                            taken.push(line);
                        }
                        None => {
                            for line in taken.drain(..).rev() {
                                self.waiting.push_front(line);
                            }
                            break first.split(self.separator).map(str::to_owned).collect();
                        }
                    }
                }
            }
        };
        self.count(&fields)?;
        let mut cells: Vec<Cell> = fields
            .into_iter()
            .map(|field| if field.is_empty() { Cell::Empty } else { Cell::Text(field) })
            .collect();
        while matches!(cells.last(), Some(Cell::Empty)) {
            cells.pop();
        }
        Ok(Some(Row { number, cells, spread: Vec::new() }))
    }

    fn count(&mut self, fields: &[String]) -> Result<()> {
        self.rows = self.rows.saturating_add(1);
        self.cells = self.cells.saturating_add(fields.len() as u64);
        if self.rows > self.limits.rows {
            return Err(SheetError::TooManyRows { limit: self.limits.rows });
        }
        if self.cells > self.limits.cells {
            return Err(SheetError::TooManyCells { limit: self.limits.cells });
        }
        if fields.len() > self.limits.columns as usize {
            return Err(SheetError::TooManyColumns { limit: self.limits.columns });
        }
        Ok(())
    }
}

impl Iterator for TextRows {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = self.next_row().transpose();
        self.over = !matches!(row, Some(Ok(_)));
        row
    }
}

/// The separator that most of the first lines agree on; a comma unless another one is clearly meant.
fn separator(head: &str) -> char {
    const OTHERS: [char; 6] = ['、', '；', '，', '|', ';', '\t'];
    let count = |c: char| head.lines().take(50).filter(|line| line.matches(c).count() >= 2).count();
    let commas = count(',');
    OTHERS
        .into_iter()
        .map(|c| (c, count(c)))
        .filter(|(_, lines)| *lines > commas)
        .max_by_key(|(_, lines)| *lines)
        .map_or(',', |(c, _)| c)
}

/// What became of a record.
enum Split {
    /// Its fields.
    Fields(Vec<String>),
    /// Its fields, though something stands between a closing quote and the next separator.
    Crooked(Vec<String>),
    /// A quote is still open.
    Open,
}

/// The fields of a record. A quote inside an unquoted field is a character like others.
fn split(record: &str, separator: char) -> Split {
    if !record.contains('"') {
        return Split::Fields(record.split(separator).map(str::to_owned).collect());
    }
    let mut crooked = false;
    let mut closed = false;
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut chars = record.chars().peekable();
    let mut quoted = false;
    let mut at_start = true;
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.peek() == Some(&'"') => {
                    chars.next();
                    field.push('"');
                }
                '"' => {
                    quoted = false;
                    closed = true;
                }
                _ => field.push(c),
            }
        } else if c == separator {
            fields.push(std::mem::take(&mut field));
            at_start = true;
            closed = false;
        } else if c == '"' && at_start {
            quoted = true;
            at_start = false;
        } else {
            crooked = crooked || closed;
            field.push(c);
            at_start = false;
        }
    }
    if quoted {
        return Split::Open;
    }
    fields.push(field);
    if crooked { Split::Crooked(fields) } else { Split::Fields(fields) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        TextRows::new(Box::new(Cursor::new(bytes.to_vec())), &Limits::default())
            .expect("opens")
            .map(|row| row.expect("reads"))
            .map(|row| (row.number, row.cells.iter().map(Cell::shown).collect()))
            .collect()
    }

    #[test]
    fn rows_carry_the_line_on_which_they_begin() {
        let read =
            rows("姓名,备注\r\n张三,\"两\n行\"\r\n\r\n李四,\"他说\"\"好\"\"\"\r\n".as_bytes());
        assert_eq!(read[1], (2, vec!["张三".into(), "两\n行".into()]));
        assert_eq!(read[2], (4, vec![]));
        assert_eq!(read[3], (5, vec!["李四".into(), "他说\"好\"".into()]));
    }

    #[test]
    fn a_lone_quote_swallows_nothing() {
        let read = rows(b"a,\"b\nc,d\ne,f\"g\n");
        assert_eq!(read.len(), 3);
        assert_eq!(read[0].1, ["a", "\"b"]);
        assert_eq!(read[1], (2, vec!["c".into(), "d".into()]));
        assert_eq!(read[2], (3, vec!["e".into(), "f\"g".into()]));
    }

    #[test]
    fn other_separators_and_unicode_text_are_read() {
        assert_eq!(rows("甲\t乙\t丙\n一\t二\t三\n".as_bytes())[1].1, ["一", "二", "三"]);
        let utf16: Vec<u8> =
            "\u{feff}甲\t乙\t丙\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&utf16)[0].1, ["甲", "乙", "丙"]);
        for sign in ['、', '；', '，'] {
            let text = format!("甲{sign}乙{sign}丙\n一{sign}二{sign}三\n");
            assert_eq!(rows(text.as_bytes())[1].1, ["一", "二", "三"], "{sign}");
        }
        assert_eq!(
            rows("甲,乙,丙\n一、二、三,四,五\n".as_bytes())[1].1,
            ["一、二、三", "四", "五"]
        );
    }
}
