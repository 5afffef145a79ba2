//! No link leads its reader to an error: everybody of a county at work follows what the pages show, click after click.

use std::collections::{BTreeMap, BTreeSet};

use testkit::{County, Person, Visitor};

use crate::county::ask;
use crate::scope::account;
use crate::tree::program;

/// Clicks from the first page: to a page of the menu, to a row of its list, to what stands beside it.
const CLICKS: usize = 3;
/// Links of one kind that are followed from one page, and from all pages together.
const ALIKE: (usize, usize) = (3, 8);

/// What a link leads to, without saying of whom: `/households/*?tab`.
fn kind(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let word = |part: &str| match part.len() >= 12 || part.chars().any(|c| c.is_ascii_digit()) {
        true => "*".to_owned(),
        false => part.to_owned(),
    };
    let path: Vec<String> = path.split('/').map(word).collect();
    let keys: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", path.join("/"), keys.into_iter().collect::<Vec<_>>().join("&"))
}

/// Links that change something of the reader's own, or leave the pages.
fn followed(link: &str) -> bool {
    let not = ["//", "/assets/", "/sign-out", "/api/", "/language", "/view?"];
    !not.iter().any(|start| link.starts_with(start))
}

/// Every link that answered with an error, with the page that shows it; and how many were followed.
fn errors(visitor: &Visitor) -> (Vec<String>, usize) {
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::from(["/work".to_owned()]));
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut now = vec![("/".to_owned(), "/work".to_owned())];
    for click in 0..=CLICKS {
        let mut next = Vec::new();
        for (from, link) in now {
            let page = visitor.get(&link);
            if page.status >= 400 {
                wrong.push(format!("{from} → {link}: {}", page.status));
                continue;
            }
            let mut here: BTreeMap<String, usize> = BTreeMap::new();
            for to in page.links("/").into_iter().filter(|to| followed(to)) {
                let to = to.split('#').next().unwrap_or_default().to_owned();
                let kind = kind(&to);
                let (mine, all) =
                    (here.entry(kind.clone()).or_default(), alike.entry(kind).or_default());
                if click == CLICKS
                    || *mine >= ALIKE.0
                    || *all >= ALIKE.1
                    || !seen.insert(to.clone())
                {
                    continue;
                }
                (*mine, *all) = (*mine + 1, *all + 1);
                next.push((link.clone(), to));
            }
        }
        now = next;
    }
    (wrong, seen.len())
}

#[test]
fn no_link_leads_its_reader_to_an_error() {
    let county = County::demo(&program(), 150);
    let server = county.serve();
    let mut people: Vec<(String, Visitor)> =
        [Person::Alice, Person::Bob, Person::Chen, Person::Dora, Person::Eve, Person::Feng]
            .map(|person| (person.login().to_owned(), server.door(person)))
            .into();
    // those who have no door sign in
    for person in [Person::Gao, Person::Han] {
        let visitor = server.visitor();
        let page = visitor.get("/sign-in").ok();
        let fields = [("login", person.login()), ("password", "shouwang-2026"), ("next", "")];
        visitor.post(&page, "/sign-in", &fields).ok();
        people.push((person.login().to_owned(), visitor));
    }
    let county_code =
        ask(&county, "select code from areas where level = 'county' order by code", &[]);
    let code = county_code[0].text(0).expect("a code");
    for role in ["leader", "evaluator"] {
        let visitor = account(&county, &server, role, &["--role", role, "--area", &code]);
        people.push((role.to_owned(), visitor));
    }
    let mut wrong = Vec::new();
    for (login, visitor) in &people {
        let (found, followed) = errors(visitor);
        assert!(followed > 10, "{login} follows {followed} links");
        wrong.extend(found.into_iter().map(|one| format!("{login}: {one}")));
    }
    assert!(wrong.is_empty(), "{} links lead to an error:\n{}", wrong.len(), wrong.join("\n"));
}
