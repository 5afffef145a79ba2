//! From the files of a county to who each row speaks of: the register and the lists are read, every row is decided and
//! written as `import --rows-out` writes it, and the score that ships with the tests says whether that is good enough.
//! Runs over the counties in the folder that `SHOUWANG_DATA` names, and over a kept town everywhere.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at what it does not expect and says what it compared"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use kernel::ids::{HouseholdId, Id, PersonId};
use registry::intake::matching::{
    AreaName, Decision, Entry, IndexBuilder, Key, Matcher, Member, NumberKeys, Places,
    RegisterIndex, Repeats, RowPlace, Subject, event_key, is_valid, phone_digits,
};
use registry::intake::{AsRead, Names, ReadRow, SheetPlan, Templates, reading};
use sheets::{Book, Limits, RowKind};

/// A digest without a key serves a test.
fn digest(text: &str) -> Key {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

struct County {
    index: RegisterIndex,
    places: Places,
    numbers: Vec<String>,
    people: Vec<(String, String)>,
}

fn every_row(templates: &Templates, file: &Path, each: &mut dyn FnMut(&SheetPlan, ReadRow)) {
    let mut book = Book::open(file, &Limits::default()).expect("opens");
    let name = file.file_name().expect("name").to_string_lossy().into_owned();
    let plans = reading::plan(&mut book, &name, templates, &|_| None).expect("plan");
    for plan in &plans {
        reading::read(&mut book, (&name, plan), templates, &mut |row| {
            if row.kind == RowKind::Data {
                each(plan, row);
            }
            Ok(())
        })
        .expect("reads");
    }
}

fn sixteen(text: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    bytes
}

fn text(read: Option<&AsRead>) -> String {
    read.map(AsRead::written_out).unwrap_or_default()
}

fn phone(read: Option<&AsRead>) -> Option<Key> {
    read.and_then(phone_digits).map(|digits| digest(&digits))
}

fn areas(file: &Path) -> Vec<AreaName> {
    let mut reader = csv::Reader::from_path(file).expect("areas open");
    let heads = reader.headers().expect("headings").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect(name);
    let (code, name, official) = (at("code"), at("name"), at("official_name"));
    let (level, parent, former) = (at("level"), at("parent_code"), at("former_names"));
    let area = |r: csv::StringRecord| AreaName {
        code: r[code].parse().expect("code"),
        parent: r[parent].parse().unwrap_or(0),
        village: &r[level] == "village",
        town: &r[level] == "town",
        names: [&r[name], &r[official]]
            .into_iter()
            .chain(r[former].split(['、', ';', '；']))
            .map(str::to_owned)
            .collect(),
    };
    reader.records().map(|record| area(record.expect("record"))).collect()
}

/// The register file, whichever form it has.
fn register(folder: &Path) -> PathBuf {
    ["registry.xlsx", "registry.csv.gz"]
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.exists())
        .expect("a register")
}

fn county(folder: &Path, templates: &Templates) -> County {
    let places = Places::new(areas(&folder.join("areas.csv")));
    let mut phones: HashMap<String, Option<Key>> = HashMap::new();
    let mut rows = Vec::new();
    every_row(templates, &register(folder), &mut |plan, row| {
        let household = text(row.evidence.household_number.as_ref());
        if plan.mapping.as_ref().is_some_and(|mapping| mapping.template == "register_households") {
            phones.insert(household, phone(row.evidence.phone.as_ref()));
        } else {
            rows.push((household, row));
        }
    });
    let mut builder = IndexBuilder::new();
    let (mut numbers, mut people) = (Vec::new(), Vec::new());
    for (household, row) in rows {
        let e = &row.evidence;
        let person = text(e.person_number.as_ref());
        let number: String = text(e.id.as_ref()).chars().take(18).collect();
        let place = places.resolve(e.town.as_deref(), e.village.as_deref(), None);
        builder.add(&Entry {
            goes: false,
            person: PersonId::from_bytes(sixteen(&person)),
            household: HouseholdId::from_bytes(sixteen(&household)),
            person_number: &person,
            household_number: &household,
            village: place.villages.first().copied().expect("a village of the county"),
            name: e.name.as_deref().unwrap_or_default(),
            birth: e.birth.as_deref().and_then(|birth| birth.replace('-', "").parse().ok()),
            male: e.sex.as_deref().map(|sex| sex == "男"),
            number: (number.len() == 18).then(|| NumberKeys {
                whole: digest(&number),
                first15: digest(&number[..15]),
                last6: digest(&number[12..]),
            }),
            wrong_check: !is_valid(&number),
            phones: [phone(e.phone.as_ref()), phones.get(&household).copied().flatten()],
            head: row.text("kin") == Some("户主"),
        });
        numbers.push(number);
        people.push((person, household));
    }
    County { index: builder.finish(), places, numbers, people }
}

/// Decides every row of every list and writes what `import --rows-out` would.
fn rows_out(folder: &Path, out: &Path, templates: &Templates) {
    let started = Instant::now();
    let county = county(folder, templates);
    println!("{} people after {:?}", county.index.len(), started.elapsed());
    let open = |member: Member| county.numbers.get(member.position()).cloned();
    let matcher = Matcher::new(&county.index, &county.places, &digest, &open);
    let mut repeats = Repeats::new();
    let mut writer = csv::Writer::from_path(out).expect("rows-out");
    writer
        .write_record(
            "file,sheet,row,outcome,person_id,household_id,event_date,amount_yuan,repeats,reason"
                .split(','),
        )
        .expect("writes");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("departments"))
        .expect("departments")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    let mut deciding = std::time::Duration::ZERO;
    for file in files {
        every_row(templates, &file, &mut |plan, row| {
            let mapping = plan.mapping.as_ref().expect("a mapped sheet");
            let template = templates.get(&mapping.template).expect("template");
            let village = template.subject == Names::Village;
            let subject = if village { Subject::Village } else { Subject::Person };
            let before = Instant::now();
            let decision = matcher.decide(subject, &row.evidence);
            deciding += before.elapsed();
            let (subject, person, household) = match &decision {
                Decision::Sure { member, .. } => {
                    let (person, household) = county.people[member.position()].clone();
                    (Some(person.clone()), person, household)
                }
                Decision::Village { code, .. } => {
                    (Some(code.to_string()), String::new(), String::new())
                }
                _ => (None, String::new(), String::new()),
            };
            let here =
                RowPlace { file: row.file.to_string(), sheet: row.sheet.to_string(), row: row.row };
            let repeated = subject.and_then(|subject| {
                repeats.check(event_key(template, &plan.said, &row, &subject), here)
            });
            let outcome = match (&decision, &repeated) {
                (Decision::Sure { .. } | Decision::Village { .. }, Some(_)) => "duplicate",
                (Decision::Sure { .. } | Decision::Village { .. }, None) => "taken",
                (Decision::Ask { .. }, _) => "asked",
                (Decision::NotHere { .. }, _) => "not_here",
                (Decision::Rejected { .. }, _) => "rejected",
            };
            writer
                .write_record([
                    &row.file,
                    &row.sheet,
                    row.row.to_string().as_str(),
                    outcome,
                    &person,
                    &household,
                    &row.event_date.map(|day| day.to_string()).unwrap_or_default(),
                    &row.amount.map(|amount| amount.plain()).unwrap_or_default(),
                    &repeated.map(|first| first.to_string()).unwrap_or_default(),
                    decision.reason().code(),
                ])
                .expect("writes");
        });
    }
    writer.flush().expect("writes");
    println!("decided in {deciding:?}");
}

fn score(folder: &Path, bar: &str) {
    let templates = Templates::shipped().expect("templates");
    let name = folder.file_name().expect("name").to_string_lossy().into_owned();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rows-{name}.csv"));
    rows_out(folder, &out, &templates);
    let truth = ["truth", "truth_sample"].iter().map(|t| folder.join(t)).find(|t| t.exists());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/score/score.py");
    let score = Command::new("python3")
        .args([script, "rows"])
        .args([truth.expect("truth"), out])
        .args(["--bar", bar])
        .output()
        .expect("python3 runs");
    println!(
        "{}{}",
        String::from_utf8_lossy(&score.stdout),
        String::from_utf8_lossy(&score.stderr)
    );
    assert!(score.status.success(), "{name} is below a bar");
}

#[test]
fn rows_find_their_people() {
    match std::env::var_os("SHOUWANG_DATA").map(PathBuf::from) {
        Some(data) => {
            score(&data.join("guanmian"), "97");
            score(&data.join("qin"), "99");
        }
        None => score(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matching/town")), "97"),
    }
}
