//! A sheet as a table: its heading found, each row told what it is.

use std::collections::VecDeque;

use crate::book::Rows;
use crate::notdata::kind;
use crate::{Layout, NotData, Result, Row, RowKind, find_layout};

/// Rows looked at for the heading.
const PREVIEW: usize = 60;

/// The rows of a sheet with their kinds. The heading and the rows above it are given too.
pub struct Table<'a> {
    layout: Option<Layout>,
    preview: VecDeque<Row>,
    rows: Rows<'a>,
    failed: Option<crate::SheetError>,
}

impl<'a> Table<'a> {
    /// Reads the first rows and finds the heading; `known` as in [`find_layout`].
    pub fn new(mut rows: Rows<'a>, known: &dyn Fn(&str) -> bool) -> Self {
        let mut preview = VecDeque::new();
        let mut failed = None;
        while preview.len() < PREVIEW {
            match rows.next() {
                Some(Ok(row)) => preview.push_back(row),
                Some(Err(error)) => {
                    failed = Some(error);
                    break;
                }
                None => break,
            }
        }
        let layout = find_layout(preview.make_contiguous(), known);
        Self { layout, preview, rows, failed }
    }

    /// The heading; `None` = the sheet holds no table.
    pub fn layout(&self) -> Option<&Layout> {
        self.layout.as_ref()
    }

    /// The rows that were read to find the heading, those not yet given.
    pub fn preview(&self) -> impl Iterator<Item = (&Row, RowKind)> {
        self.preview.iter().map(|row| (row, self.kind(row)))
    }

    /// Lines of a text table with unreadable bytes so far.
    pub fn bad_lines(&self) -> &[u32] {
        self.rows.bad_lines()
    }

    fn kind(&self, row: &Row) -> RowKind {
        match &self.layout {
            Some(layout) => kind(layout, row),
            None if row.is_blank() => RowKind::NotData(NotData::Blank),
            None => RowKind::NotData(NotData::Comment),
        }
    }
}

impl Iterator for Table<'_> {
    type Item = Result<(Row, RowKind)>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.preview.pop_front() {
            Some(row) => row,
            None => match self.failed.take() {
                Some(error) => return Some(Err(error)),
                None => match self.rows.next()? {
                    Ok(row) => row,
                    Err(error) => return Some(Err(error)),
                },
            },
        };
        let kind = self.kind(&row);
        Some(Ok((row, kind)))
    }
}
