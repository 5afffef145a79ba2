//! A browser without a screen: cookies, forms with their tokens, uploads.

use crate::{Page, Person};
use ureq::{Agent, ResponseExt};

/// One browser window of one person.
pub struct Visitor {
    agent: Agent,
    url: String,
}

impl Visitor {
    /// A browser before an address of its own: a second listener.
    pub fn at(url: &str) -> Visitor {
        Visitor::new(url)
    }

    pub(crate) fn new(url: &str) -> Visitor {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(std::time::Duration::from_secs(60)))
            .build();
        Visitor { agent: config.into(), url: url.to_owned() }
    }

    /// Opens a page; `path` begins with `/`. Redirects are followed.
    pub fn get(&self, path: &str) -> Page {
        let answer =
            self.agent.get(format!("{}{path}", self.url)).header("accept", "text/html").call();
        self.page(path, answer)
    }

    /// Asks for JSON.
    pub fn api(&self, path: &str) -> Page {
        let answer = self
            .agent
            .get(format!("{}{path}", self.url))
            .header("accept", "application/json")
            .call();
        self.page(path, answer)
    }

    /// Sends a form that `page` shows: its hidden token goes along.
    pub fn post(&self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = page.hidden("_csrf");
        let mut all = vec![("_csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all)
    }

    /// Sends exactly these fields, as a page from elsewhere would.
    pub fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.agent.post(format!("{}{path}", self.url)).header("accept", "text/html");
        self.page(path, request.send_form(fields.iter().copied()))
    }

    /// Uploads one file with the form that `page` shows.
    pub fn upload(
        &self,
        page: &Page,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Page {
        const EDGE: &str = "----shouwang-test-edge";
        let token = page.hidden("_csrf");
        let mut body = Vec::new();
        for (name, value) in [("_csrf", token.as_str())].iter().chain(fields) {
            body.extend(
                format!(
                    "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        let (field, name, bytes) = file;
        body.extend(
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend(format!("\r\n--{EDGE}--\r\n").bytes());
        let request = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("accept", "text/html")
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"));
        self.page(path, request.send(&body[..]))
    }

    /// Goes through this person's door on the first page of the demo.
    pub fn enter(&self, person: Person) -> Page {
        let doors = self.get("/").ok();
        let form = doors.form_with(person.login());
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post_bare(&form.action, &fields).ok()
    }

    fn page(
        &self,
        path: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Page {
        let mut answer = answer.unwrap_or_else(|e| panic!("{path}: {e}"));
        let headers = answer
            .headers()
            .iter()
            .map(|(n, v)| (n.as_str().to_owned(), v.to_str().unwrap_or_default().to_owned()))
            .collect();
        let at =
            answer.get_uri().path_and_query().map_or_else(|| path.to_owned(), ToString::to_string);
        let status = answer.status().as_u16();
        let body =
            answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().expect("a body");
        Page {
            path: at,
            status,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body,
        }
    }
}
