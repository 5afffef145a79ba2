//! An answer of the program, and what a reader can say about it.

/// One answer.
#[derive(Debug, Clone)]
pub struct Page {
    /// Path and query where the redirects ended.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// Header names (small letters) and values.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// A form of a page with what is filled in.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Names and values of hidden fields and of named buttons.
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// It must be a page, with all that every page has.
    pub fn ok(self) -> Page {
        assert_eq!(self.status, 200, "{}\n{}", self.path, self.text());
        if self.body.contains("<html") {
            assert_eq!(self.body.matches("<main").count(), 1, "{}: one <main>", self.path);
            assert!(self.body.contains("<title>"), "{}: a title", self.path);
            let foreign = self
                .attributes("src")
                .chain(self.attributes("href"))
                .find(|a| a.starts_with("http") || a.starts_with("//"));
            assert_eq!(foreign, None, "{}: nothing is loaded from elsewhere", self.path);
        }
        self
    }

    /// It must have this status.
    pub fn status(self, status: u16) -> Page {
        assert_eq!(self.status, status, "{}\n{}", self.path, self.text());
        self
    }

    /// It must show these words.
    pub fn shows(&self, words: &str) -> &Page {
        assert!(
            self.text().contains(words),
            "{}: does not show \"{words}\":\n{}",
            self.path,
            self.text()
        );
        self
    }

    /// It must not hold these words anywhere, not even in its source.
    pub fn hides(&self, words: &str) -> &Page {
        assert!(!self.body.contains(words), "{}: holds \"{words}\"", self.path);
        self
    }

    /// What a reader reads: the source without tags, scripts and repeated spaces.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut rest = self.body.as_str();
        while let Some(open) = rest.find('<') {
            text.push_str(&rest[..open]);
            text.push(' ');
            let tag = &rest[open..];
            let skip = ["script", "style"]
                .iter()
                .find(|t| tag[1..].starts_with(**t))
                .map(|t| format!("</{t}>"));
            let end = match skip {
                Some(close) => tag.find(&close).map(|at| at + close.len()),
                None => tag.find('>').map(|at| at + 1),
            };
            rest = end.map_or("", |at| &tag[at..]);
        }
        text.push_str(rest);
        unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        self.inputs()
            .find(|input| attribute(input, "name").as_deref() == Some(name))
            .and_then(|input| attribute(&input, "value"))
            .unwrap_or_else(|| panic!("{}: no field {name}", self.path))
    }

    /// The first link whose address begins with this.
    pub fn link(&self, start: &str) -> String {
        self.attributes("href")
            .find(|h| h.starts_with(start))
            .unwrap_or_else(|| panic!("{}: no link {start}…", self.path))
    }

    /// Every link whose address begins with this, in order.
    pub fn links(&self, start: &str) -> Vec<String> {
        self.attributes("href").filter(|h| h.starts_with(start)).collect()
    }

    /// The first form whose source holds this value.
    pub fn form_with(&self, value: &str) -> Form {
        self.body
            .split("<form")
            .skip(1)
            .map(|f| f.split("</form>").next().unwrap_or(f))
            .find(|f| f.contains(&format!("\"{value}\"")) || f.contains(&format!("/{value}\"")))
            .map(|f| Form {
                action: attribute(f, "action").unwrap_or_else(|| self.path.clone()),
                fields: f
                    .split('<')
                    .filter(|t| t.starts_with("input type=\"hidden\"") || t.starts_with("button"))
                    .filter_map(|t| {
                        Some((attribute(t, "name")?, attribute(t, "value").unwrap_or_default()))
                    })
                    .collect(),
            })
            .unwrap_or_else(|| panic!("{}: no form with {value}", self.path))
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|e| panic!("{}: no JSON ({e}):\n{}", self.path, self.body))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn inputs(&self) -> impl Iterator<Item = String> + '_ {
        self.body.split("<input").skip(1).map(|t| t.split('>').next().unwrap_or(t).to_owned())
    }

    fn attributes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.body
            .split('<')
            .filter_map(move |tag| attribute(tag.split('>').next().unwrap_or(tag), name))
    }
}

/// The value of an attribute in the source of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next().unwrap_or(rest)))
}

/// The entities that a template engine writes.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&nbsp;", " ")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        let body = body.to_owned();
        Page {
            path: "/x".into(),
            status: 200,
            headers: Vec::new(),
            bytes: body.clone().into_bytes(),
            body,
        }
    }

    #[test]
    fn a_page_reads_as_its_reader_reads_it() {
        let it = page("<p>A &amp; B</p><script>if (a<b) {}</script>\n<b>守</b>望");
        assert_eq!(it.text(), "A & B 守 望");
        it.shows("A & B").hides("<i>");
    }

    #[test]
    fn fields_links_and_forms_are_found() {
        let it = page(
            "<form action=\"/door\"><input type=\"hidden\" name=\"_csrf\" value=\"t1\"><button name=\"who\" value=\"bob\">B</button></form><a href=\"/leads/7?a=1&amp;b=2\">x</a>",
        );
        assert_eq!(it.hidden("_csrf"), "t1");
        assert_eq!(it.link("/leads/"), "/leads/7?a=1&b=2");
        let form = it.form_with("bob");
        assert_eq!(form.action, "/door");
        assert_eq!(
            form.fields,
            [("_csrf".to_owned(), "t1".to_owned()), ("who".to_owned(), "bob".to_owned())]
        );
    }
}
