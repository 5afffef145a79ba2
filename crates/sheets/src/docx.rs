//! Papers in Word's form (`.docx`): a template with placeholders in double braces is read, looked through and filled.
//!
//! A placeholder stands in a paragraph, `{{户主}}`; Word may cut it into pieces, which does not matter. Placeholders of a list
//! stand in one row of a table, and that row comes once for each line of the list. Everything else stays as the office
//! laid it out. What can never get in: a macro, a link to another file, an embedded object, a field that fetches something.

mod fill;
mod text;
mod xml;

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

pub use text::{Found, Place};

use xml::Node;

/// Largest template, in bytes as sent.
pub const LARGEST: usize = 2 * 1024 * 1024;
/// Largest template unpacked; more is a bomb.
const UNPACKED: u64 = 24 * 1024 * 1024;
/// Most parts in one file.
const PARTS: usize = 300;
const DOCUMENT: &str = "word/document.xml";

/// Why a file is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocxError {
    /// Too large, packed or unpacked.
    #[error("the file is too large")]
    TooLarge,
    /// Not a document of Word's present form: `.doc`, a picture, a workbook.
    #[error("the file is no .docx")]
    NotDocx,
    /// It carries a macro.
    #[error("the file carries a macro")]
    Macro,
    /// It fetches or embeds something: this.
    #[error("the file fetches or embeds {0}")]
    Fetches(String),
    /// It ends early or contradicts itself.
    #[error("the file is broken: {0}")]
    Broken(String),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// One value on the paper.
    One(&'static str),
    /// A value of each line of the list.
    Row(&'static str),
}

/// The values of one paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Values by their id; what is not here stays blank.
    pub one: BTreeMap<&'static str, String>,
    /// The lines of the list.
    pub rows: Vec<BTreeMap<&'static str, String>>,
}

/// A template that was read.
#[derive(Debug, Clone)]
pub struct Template {
    /// Parts that hold text: document, headers, footers.
    texts: Vec<(String, Vec<Node>)>,
    /// All other parts as they are.
    others: Vec<(String, Vec<u8>)>,
}

fn broken(why: impl std::fmt::Display) -> DocxError {
    DocxError::Broken(why.to_string())
}

fn holds_text(name: &str) -> bool {
    let beside = ["word/header", "word/footer", "word/footnotes", "word/endnotes"];
    name == DOCUMENT || (beside.iter().any(|one| name.starts_with(one)) && name.ends_with(".xml"))
}

/// What must not be in a template: refused with its name.
fn admitted(name: &str, bytes: &[u8]) -> Result<(), DocxError> {
    let lower = name.to_lowercase();
    let text = || String::from_utf8_lossy(bytes).to_lowercase();
    if lower.contains("vbaproject") || lower.contains("vbadata") {
        return Err(DocxError::Macro);
    }
    if lower == "[content_types].xml" && text().contains("macroenabled") {
        return Err(DocxError::Macro);
    }
    if lower.contains("/embeddings/") || lower.contains("/activex/") || lower.contains("/afchunk") {
        return Err(DocxError::Fetches(name.to_owned()));
    }
    if lower.ends_with(".rels") {
        let text = text();
        let external = text.split("<relationship ").find(|one| {
            one.contains("targetmode=\"external\"") || one.contains("targetmode='external'")
        });
        if let Some(one) = external {
            let target = one.split("target=\"").nth(1).and_then(|rest| rest.split('"').next());
            return Err(DocxError::Fetches(target.unwrap_or(name).to_owned()));
        }
    }
    Ok(())
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What [`DocxError`] lists.
    pub fn read(bytes: &[u8]) -> Result<Self, DocxError> {
        if bytes.len() > LARGEST {
            return Err(DocxError::TooLarge);
        }
        if !bytes.starts_with(b"PK") {
            return Err(DocxError::NotDocx);
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if archive.len() > PARTS {
            return Err(DocxError::TooLarge);
        }
        let (mut texts, mut others, mut left) =
            (Vec::new(), Vec::<(String, Vec<u8>)>::new(), UNPACKED);
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(broken)?;
            if entry.is_dir() {
                continue;
            }
            let name = entry.name().map_err(broken)?.replace('\\', "/");
            let mut part = Vec::new();
            entry.take(left.saturating_add(1)).read_to_end(&mut part).map_err(broken)?;
            left = left.checked_sub(part.len() as u64).ok_or(DocxError::TooLarge)?;
            admitted(&name, &part)?;
            let twice = texts.iter().any(|(known, _)| *known == name)
                || others.iter().any(|(known, _)| *known == name);
            if twice {
                return Err(broken(format!("{name} is there twice")));
            }
            match holds_text(&name) {
                true => texts.push((name, xml::read(&part).map_err(broken)?)),
                false => others.push((name, part)),
            }
        }
        let document =
            texts.iter().position(|(name, _)| name == DOCUMENT).ok_or(DocxError::NotDocx)?;
        // the document first: places are told in the order in which a person reads
        let document = texts.remove(document);
        texts.insert(0, document);
        let this = Self { texts, others };
        this.body().ok_or(DocxError::NotDocx)?;
        for (_, nodes) in &this.texts {
            if let Some(field) = text::fetching(nodes) {
                return Err(DocxError::Fetches(field));
            }
        }
        Ok(this)
    }

    fn body(&self) -> Option<&Vec<Node>> {
        let (_, document) = self.texts.first()?;
        let root = document.iter().find(|node| node.is("w:document"))?;
        root.children().iter().find(|node| node.is("w:body")).map(Node::children_vec)?
    }

    /// Every placeholder with its place, in the order of reading; and what begins like one and does not end.
    pub fn placeholders(&self) -> Vec<Found> {
        text::found(&self.texts)
    }

    /// The text of every paragraph, in the order of reading.
    pub fn paragraphs(&self) -> Vec<(Place, String)> {
        text::paragraphs(&self.texts)
    }

    /// One document with a paper for each of the values, each beginning on a new page.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn fill(
        &self,
        papers: &[Filled],
        slot: &dyn Fn(&str) -> Option<Slot>,
    ) -> Result<Vec<u8>, DocxError> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        // Word wants the list of contents first
        let (first, rest): (Vec<_>, Vec<_>) =
            self.others.iter().partition(|(name, _)| name == "[Content_Types].xml");
        for (name, part) in first {
            out.start_file(name, options).map_err(broken)?;
            out.write_all(part).map_err(broken)?;
        }
        for (name, nodes) in &self.texts {
            let mut nodes = nodes.clone();
            match name == DOCUMENT {
                true => fill::document(&mut nodes, papers, slot),
                false => fill::beside(&mut nodes, papers, slot),
            }
            out.start_file(name, options).map_err(broken)?;
            out.write_all(xml::written(&nodes).as_bytes()).map_err(broken)?;
        }
        for (name, part) in rest {
            out.start_file(name, options).map_err(broken)?;
            out.write_all(part).map_err(broken)?;
        }
        out.finish().map(Cursor::into_inner).map_err(broken)
    }
}
