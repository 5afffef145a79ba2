//! Puts values where the placeholders stand.

use std::collections::BTreeMap;

use super::text::{self, Piece};
use super::xml::Node;
use super::{Filled, Slot};

type Values = BTreeMap<&'static str, String>;
type Slots<'a> = &'a dyn Fn(&str) -> Option<Slot>;

/// The values of a paper, and of the line where there is one.
#[derive(Clone, Copy)]
struct With<'a> {
    one: &'a Values,
    row: Option<&'a Values>,
    slot: Slots<'a>,
}

impl With<'_> {
    /// What stands where a placeholder stood; nothing where nothing is known.
    fn value(&self, name: &str) -> &str {
        let value = match (self.slot)(name) {
            Some(Slot::One(id)) => self.one.get(id),
            Some(Slot::Row(id)) => self.row.and_then(|row| row.get(id)),
            None => None,
        };
        value.map_or("", String::as_str)
    }
}

/// Fills the body once for each paper.
pub fn document(nodes: &mut [Node], papers: &[Filled], slot: Slots<'_>) {
    let root = nodes.iter_mut().find(|node| node.is("w:document"));
    let body = root.and_then(Node::children_mut).and_then(|children| {
        children.iter_mut().find(|node| node.is("w:body")).and_then(Node::children_mut)
    });
    let Some(body) = body else { return };
    // how the page lies comes last and only once
    let section = body.last().filter(|node| node.is("w:sectPr")).cloned();
    if section.is_some() {
        body.pop();
    }
    let template = std::mem::take(body);
    for (paper, at) in papers.iter().zip(0usize..) {
        if at > 0 {
            body.push(new_page());
        }
        let mut copy = template.clone();
        block(&mut copy, (paper, slot));
        body.append(&mut copy);
    }
    body.extend(section);
}

/// Fills a header, a footer, notes with the values of the first paper.
pub fn beside(nodes: &mut Vec<Node>, papers: &[Filled], slot: Slots<'_>) {
    let none = Filled::default();
    block(nodes, (papers.first().unwrap_or(&none), slot));
}

fn new_page() -> Node {
    let attributes = " w:type=\"page\"".to_owned();
    let br = Node::Element { name: "w:br".to_owned(), attributes, children: Vec::new() };
    Node::element("w:p", vec![Node::element("w:r", vec![br])])
}

fn block(nodes: &mut Vec<Node>, (paper, slot): (&Filled, Slots<'_>)) {
    let mut out = Vec::with_capacity(nodes.len());
    for mut node in std::mem::take(nodes) {
        if node.is("w:tr") && has_row(&node, slot) {
            let none = [Values::new()];
            let rows = if paper.rows.is_empty() { &none[..] } else { &paper.rows[..] };
            for row in rows {
                let mut line = node.clone();
                fill(&mut line, With { one: &paper.one, row: Some(row), slot });
                out.push(line);
            }
            continue;
        }
        if node.is("w:p") {
            fill(&mut node, With { one: &paper.one, row: None, slot });
        } else if let Some(children) = node.children_mut() {
            block(children, (paper, slot));
        }
        out.push(node);
    }
    *nodes = out;
}

/// Whether a row of a table holds a placeholder of the list; rows of tables within it are looked at on their own.
fn has_row(node: &Node, slot: Slots<'_>) -> bool {
    node.children().iter().filter(|child| !child.is("w:tbl")).any(|child| {
        if !child.is("w:p") {
            return has_row(child, slot);
        }
        let mut texts = Vec::new();
        text::texts(child, &mut texts);
        text::pieces(&texts.concat()).iter().any(|piece| match piece {
            Piece::Slot(name, ..) => matches!(slot(name), Some(Slot::Row(_))),
            _ => false,
        })
    })
}

/// Fills all paragraphs in a node.
fn fill(node: &mut Node, with: With<'_>) {
    if node.is("w:p") {
        paragraph(node, with);
    }
    for child in node.children_mut().into_iter().flatten() {
        fill(child, with);
    }
}

/// Fills one paragraph: the value stands where the placeholder began, in the letters of that place.
fn paragraph(node: &mut Node, with: With<'_>) {
    let mut texts = Vec::new();
    text::texts(node, &mut texts);
    let whole = texts.concat();
    let pieces = text::pieces(&whole);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Slot(..))) {
        return;
    }
    let mut ends = Vec::with_capacity(texts.len());
    let mut end = 0usize;
    for text in &texts {
        end += text.len();
        ends.push(end);
    }
    let owner = |at: usize| ends.iter().position(|end| at < *end).unwrap_or(0);
    let mut new = vec![String::new(); texts.len()];
    let mut push = |at: usize, text: &str| {
        if let Some(into) = new.get_mut(at) {
            into.push_str(text);
        }
    };
    for piece in pieces {
        match piece {
            Piece::Open(..) => {}
            Piece::Slot(name, from, _) => push(owner(from), with.value(&name)),
            Piece::Text(from, to) => {
                let mut at = from;
                while at < to {
                    let of = owner(at);
                    let stop = ends.get(of).copied().unwrap_or(to).min(to);
                    push(of, whole.get(at..stop).unwrap_or_default());
                    at = stop.max(at + 1);
                }
            }
        }
    }
    let mut new = new.into_iter();
    put(node, &mut new);
}

/// Puts the texts back in their order; a line break in a value is one on paper.
fn put(node: &mut Node, new: &mut std::vec::IntoIter<String>) {
    let Some(children) = node.children_mut() else { return };
    let mut out = Vec::with_capacity(children.len());
    for mut child in std::mem::take(children) {
        if child.is("w:p") {
            out.push(child);
        } else if child.is("w:t") {
            let text = new.next().unwrap_or_default();
            for (line, at) in text.split('\n').zip(0usize..) {
                if at > 0 {
                    out.push(Node::element("w:br", Vec::new()));
                }
                out.push(Node::Element {
                    name: "w:t".to_owned(),
                    attributes: " xml:space=\"preserve\"".to_owned(),
                    children: vec![Node::Text(line.trim_end_matches('\r').to_owned())],
                });
            }
        } else {
            put(&mut child, new);
            out.push(child);
        }
    }
    *children = out;
}
