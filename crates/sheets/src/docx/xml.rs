//! A part of a document as a tree that is written again as it was read. No entity is expanded and no type is declared.

/// A piece of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element: its name with prefix, its attributes as they stand, what is in it.
    Element {
        /// Name with prefix.
        name: String,
        /// Everything behind the name, as it stands.
        attributes: String,
        /// What is in it.
        children: Vec<Node>,
    },
    /// Text, unescaped.
    Text(String),
    /// A declaration, a comment: as it stands.
    Raw(String),
}

/// Deeper nesting is no document that a person made.
const DEEPEST: usize = 200;

impl Node {
    /// An element without attributes.
    pub fn element(name: &str, children: Vec<Node>) -> Self {
        Self::Element { name: name.to_owned(), attributes: String::new(), children }
    }

    /// Whether it is an element of this name.
    pub fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Element { name, .. } if name == wanted)
    }

    /// What is in it.
    pub fn children(&self) -> &[Node] {
        match self {
            Self::Element { children, .. } => children,
            _ => &[],
        }
    }

    /// What is in an element.
    pub fn children_vec(&self) -> Option<&Vec<Node>> {
        match self {
            Self::Element { children, .. } => Some(children),
            _ => None,
        }
    }

    /// What is in an element, to be changed.
    pub fn children_mut(&mut self) -> Option<&mut Vec<Node>> {
        match self {
            Self::Element { children, .. } => Some(children),
            _ => None,
        }
    }
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, behind) = after.split_once(';').ok_or("an & without ;")?;
        let number =
            |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        let one = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            name => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
                (Some(hex), _) => number(hex, 16),
                (None, Some(digits)) => number(digits, 10),
                (None, None) => None,
            },
        };
        out.push(one.ok_or_else(|| format!("the entity {name}"))?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// Where a tag ends: `>` outside of quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Some(at),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// Reads a part.
pub fn read(bytes: &[u8]) -> Result<Vec<Node>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut open: Vec<Node> = vec![Node::element("", Vec::new())];
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            put(&mut open, Node::Text(unescaped(rest)?))?;
            break;
        };
        let (before, tag) = rest.split_at_checked(at).ok_or("it is cut")?;
        if !before.is_empty() {
            put(&mut open, Node::Text(unescaped(before)?))?;
        }
        rest = match () {
            () if tag.starts_with("<!--") => raw(&mut open, tag, "-->")?,
            () if tag.starts_with("<?") => raw(&mut open, tag, "?>")?,
            () if tag.starts_with("<![CDATA[") => {
                let inside = tag.get(9..).unwrap_or_default();
                let (inside, after) = inside.split_once("]]>").ok_or("it is cut")?;
                put(&mut open, Node::Text(inside.to_owned()))?;
                after
            }
            () if tag.starts_with("<!") => return Err("it declares a type".to_owned()),
            () => element(&mut open, tag)?,
        };
    }
    match (open.pop(), open.is_empty()) {
        (Some(Node::Element { children, .. }), true) => Ok(children),
        _ => Err("an element is not closed".to_owned()),
    }
}

fn put(open: &mut [Node], node: Node) -> Result<(), String> {
    let into = open.last_mut().and_then(Node::children_mut).ok_or("it closes too much")?;
    into.push(node);
    Ok(())
}

fn raw<'a>(open: &mut [Node], tag: &'a str, end: &str) -> Result<&'a str, String> {
    let (inside, after) = tag.split_once(end).ok_or("it is cut")?;
    put(open, Node::Raw(format!("{inside}{end}")))?;
    Ok(after)
}

fn element<'a>(open: &mut Vec<Node>, tag: &'a str) -> Result<&'a str, String> {
    let end = tag_end(tag).ok_or("it is cut")?;
    let inside = tag.get(1..end).ok_or("it is cut")?;
    let after = tag.get(end + 1..).unwrap_or_default();
    if let Some(name) = inside.strip_prefix('/') {
        let done = open.pop().ok_or("it closes too much")?;
        if open.is_empty() || !done.is(name.trim()) {
            return Err(format!("{} closes something else", name.trim()));
        }
        put(open, done)?;
        return Ok(after);
    }
    let (inside, alone) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let split = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, attributes) = inside.split_at_checked(split).unwrap_or((inside, ""));
    let node = Node::Element {
        name: name.to_owned(),
        attributes: attributes.trim_end().to_owned(),
        children: Vec::new(),
    };
    if alone {
        put(open, node)?;
    } else if open.len() > DEEPEST {
        return Err("it is nested too deep".to_owned());
    } else {
        open.push(node);
    }
    Ok(after)
}

/// Writes a tree as text.
pub fn written(nodes: &[Node]) -> String {
    let mut out = String::new();
    nodes.iter().for_each(|node| write(node, &mut out));
    out
}

fn write(node: &Node, out: &mut String) {
    match node {
        Node::Raw(text) => out.push_str(text),
        Node::Text(text) => escape(text, out),
        Node::Element { name, attributes, children } => {
            out.push('<');
            out.push_str(name);
            out.push_str(attributes);
            if children.is_empty() {
                out.push_str("/>");
                return;
            }
            out.push('>');
            children.iter().for_each(|child| write(child, out));
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
    }
}

/// Characters that XML does not take are left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again_as_it_was() {
        let text = r#"<?xml version="1.0"?><w:document xmlns:w="x"><!-- a --><w:p w:a="1 > 0"><w:t xml:space="preserve">甲 &amp; 乙&lt;</w:t><w:br/></w:p></w:document>"#;
        assert_eq!(written(&read(text.as_bytes()).unwrap()), text);
    }

    #[test]
    fn broken_parts_are_refused() {
        for text in [
            "<a><b></a></b>",
            "<a>",
            "</a>",
            "<a>&bomb;</a>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a/>",
            "<a",
            "<a b=\"></a>",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        let deep = "<a>".repeat(400) + &"</a>".repeat(400);
        assert!(read(deep.as_bytes()).is_err());
        assert!(read(&[0x3c, 0xff]).is_err());
    }
}
