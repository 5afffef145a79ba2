//! Where the placeholders of a template stand, and what its paragraphs say.

use super::xml::Node;

/// A place in a document as a person finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The nth paragraph outside of tables.
    Paragraph(usize),
    /// The nth table and its nth row.
    Row(usize, usize),
    /// A header, a footer or a note.
    Beside,
}

/// A placeholder that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What stands between the braces, tidied; what follows the braces where they do not close.
    pub name: String,
    /// Where.
    pub place: Place,
    /// The braces close in the same paragraph.
    pub closed: bool,
}

/// A piece of a paragraph: text, or what stands between braces.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text in bytes from, to.
    Text(usize, usize),
    /// A placeholder: tidied name, bytes from, to, braces included.
    Slot(String, usize, usize),
    /// Braces that open and do not close.
    Open(String, usize),
}

const OPENS: [&str; 2] = ["{{", "｛｛"];
const CLOSES: [&str; 2] = ["}}", "｝｝"];

fn first_of(text: &str, marks: [&str; 2]) -> Option<(usize, usize)> {
    marks.iter().filter_map(|mark| text.find(mark).map(|at| (at, mark.len()))).min()
}

/// A name as it is looked up: without blanks, a full-width point as a point.
fn tidied(name: &str) -> String {
    let kept = name.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}');
    kept.map(|c| if c == '．' { '.' } else { c }).collect()
}

/// The pieces of the text of a paragraph.
pub fn pieces(text: &str) -> Vec<Piece> {
    let (mut out, mut from) = (Vec::new(), 0);
    while let Some((at, opens)) = first_of(text.get(from..).unwrap_or_default(), OPENS) {
        let open = from + at;
        let inside = open + opens;
        let behind = text.get(inside..).unwrap_or_default();
        let end = first_of(behind, CLOSES);
        let next = first_of(behind, OPENS);
        match end {
            Some((end, closes)) if next.is_none_or(|(next, _)| next > end) => {
                if open > from {
                    out.push(Piece::Text(from, open));
                }
                let to = inside + end + closes;
                out.push(Piece::Slot(tidied(behind.get(..end).unwrap_or_default()), open, to));
                from = to;
            }
            _ => {
                let name: String = behind.chars().take(20).collect();
                out.push(Piece::Open(tidied(&name), open));
                if inside > from {
                    out.push(Piece::Text(from, inside));
                }
                from = inside;
            }
        }
    }
    if from < text.len() {
        out.push(Piece::Text(from, text.len()));
    }
    out
}

/// The texts of a paragraph in their order, those of paragraphs within it left out.
pub fn texts<'a>(paragraph: &'a Node, out: &mut Vec<&'a str>) {
    for child in paragraph.children() {
        if child.is("w:p") {
            continue;
        }
        if child.is("w:t") {
            let text = child.children().first();
            out.push(if let Some(Node::Text(text)) = text { text } else { "" });
        } else {
            texts(child, out);
        }
    }
}

#[derive(Default)]
struct Counted {
    paragraphs: usize,
    tables: usize,
}

/// Every paragraph of a part with its place and its text.
fn walk(
    nodes: &[Node],
    (at, counted): (Option<&Place>, &mut Counted),
    out: &mut Vec<(Place, String)>,
) {
    for node in nodes {
        if node.is("w:p") {
            let place = at.cloned().unwrap_or_else(|| {
                counted.paragraphs += 1;
                Place::Paragraph(counted.paragraphs)
            });
            let mut found = Vec::new();
            texts(node, &mut found);
            out.push((place.clone(), found.concat()));
            walk_inside(node, (&place, counted), out);
        } else if node.is("w:tbl") && !matches!(at, Some(Place::Beside)) {
            counted.tables += 1;
            let table = counted.tables;
            let rows = node.children().iter().filter(|child| child.is("w:tr"));
            for (row, number) in rows.zip(1..) {
                walk(row.children(), (Some(&Place::Row(table, number)), counted), out);
            }
        } else {
            walk(node.children(), (at, counted), out);
        }
    }
}

/// Paragraphs within a paragraph: text boxes.
fn walk_inside(node: &Node, (at, counted): (&Place, &mut Counted), out: &mut Vec<(Place, String)>) {
    for child in node.children() {
        match child.is("w:p") {
            true => walk(std::slice::from_ref(child), (Some(at), counted), out),
            false => walk_inside(child, (at, counted), out),
        }
    }
}

/// Every paragraph of the parts; the first of them is the document.
pub fn paragraphs(parts: &[(String, Vec<Node>)]) -> Vec<(Place, String)> {
    let mut out = Vec::new();
    for (at, (_, nodes)) in parts.iter().enumerate() {
        let beside = (at > 0).then_some(&Place::Beside);
        walk(nodes, (beside, &mut Counted::default()), &mut out);
    }
    out
}

/// Every placeholder of the parts.
pub fn found(parts: &[(String, Vec<Node>)]) -> Vec<Found> {
    let of = |(place, text): (Place, String)| {
        pieces(&text).into_iter().filter_map(move |piece| match piece {
            Piece::Text(..) => None,
            Piece::Slot(name, ..) => Some(Found { name, place: place.clone(), closed: true }),
            Piece::Open(name, _) => Some(Found { name, place: place.clone(), closed: false }),
        })
    };
    paragraphs(parts).into_iter().flat_map(of).collect()
}

/// The first field that fetches something when the document is opened.
pub fn fetching(nodes: &[Node]) -> Option<String> {
    const FETCH: [&str; 6] =
        ["DDE", "INCLUDETEXT", "INCLUDEPICTURE", "LINK ", "IMPORT", "DATABASE"];
    let mut all = String::new();
    codes(nodes, &mut all);
    let upper = all.to_uppercase();
    FETCH.iter().find(|word| upper.contains(*word)).map(|word| word.trim().to_owned())
}

fn codes(nodes: &[Node], out: &mut String) {
    for node in nodes {
        if node.is("w:instrText") || node.is("w:delInstrText") {
            if let Some(Node::Text(text)) = node.children().first() {
                out.push_str(text);
            }
        } else if let Node::Element { name, attributes, children } = node {
            if name == "w:fldSimple" {
                out.push_str(attributes);
            }
            codes(children, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_found_plain_and_full_width_and_open_ones_are_told() {
        let text = "户主：{{ 户主 }}，｛｛名单．序号｝｝ {{ 没有";
        let names: Vec<Piece> = pieces(text);
        assert!(names.iter().any(|piece| matches!(piece, Piece::Slot(name, ..) if name == "户主")));
        assert!(
            names.iter().any(|piece| matches!(piece, Piece::Slot(name, ..) if name == "名单.序号"))
        );
        assert!(names.iter().any(|piece| matches!(piece, Piece::Open(name, _) if name == "没有")));
        assert_eq!(pieces("a } b"), [Piece::Text(0, 5)]);
    }
}
