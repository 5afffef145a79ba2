//! The derivation gives exactly the facts that the sample places say are true, for a slice that stands beside and, with
//! `SHOUWANG_FACTS_TRUTH` set to a folder of the same form (`flatten.py` makes it from the sample data), for all of it.
//!
//! The slice holds the register, the income entries and, of the departments' rows, what a matcher with no doubt would
//! have found: person, household, day, amount and the two values that matter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use facts::{Kind, Scalar};
use kernel::ids::{BatchId, HouseholdId, Id};
use kernel::time::{Day, Instant};
use registry::circumstances::facts::{
    HouseholdFactRow, HouseholdRecords, Income, Member, Origin, Record, Surroundings, columns,
    derive, evidence, village_events,
};
use registry::circumstances::topics::{
    Body, CertificateChange, Complaint, Death, DisabilityCertificate, DisasterLoss, DropoutState,
    DropoutSuspect, HospitalStay, HouseGrade, HouseGradeRow, HouseState, HukouMove, JobChange,
    JobEvent, LabourSkill, LoanState, MoveDirection, RegisterHousehold, RegisterPerson, ReliefKind,
    SchoolRoll, SocialAssistance, Topic, Vehicle, WaterOutage, disability_level,
};

type Line = BTreeMap<String, String>;

fn lines(file: &Path) -> Vec<Line> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|row| head.iter().cloned().zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect()
}

fn id<T: Id>(number: &str) -> T {
    T::from_bytes(number.parse::<u128>().unwrap().to_be_bytes())
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn fen(yuan: &str) -> Option<i64> {
    (!yuan.is_empty()).then(|| {
        let (whole, part) = yuan.split_once('.').unwrap_or((yuan, ""));
        let part: i64 = format!("{part:0<2}")[..2].parse().unwrap();
        let sign = if whole.starts_with('-') { -1 } else { 1 };
        whole.parse::<i64>().unwrap() * 100 + sign * part
    })
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "是" => Some(true),
        "否" => Some(false),
        _ => None,
    }
}

/// Batches by file name, so that a list's batch is known.
#[derive(Default)]
struct Files(Vec<String>);

impl Files {
    fn batch(&mut self, name: &str) -> BatchId {
        let at = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        id(&at.to_string())
    }
}

fn known() -> Instant {
    Instant::parse("2026-11-01T00:00:00.000Z").unwrap()
}

fn record<B: Body>(origin: Origin, person: Option<&str>, on: Day, body: &B) -> Record {
    Record {
        origin,
        person: person.map(id),
        topic: B::TOPIC,
        valid_from: on,
        valid_to: None,
        recorded_at: known(),
        body: body.to_json().unwrap(),
    }
}

const REGISTER_DAY: &str = "2026-10-31";

fn household(line: &Line, origin: Origin) -> Record {
    let monitor = some(&line["监测对象类别"]);
    let body = RegisterHousehold {
        size: line["人口数"].parse().ok(),
        household_type: some(&line["户类型"]),
        risk_removed: yes(&line["风险是否消除"]),
        monitor_type: monitor,
        risks: line["致贫返贫风险"]
            .split('、')
            .filter(|risk| !risk.is_empty())
            .map(str::to_owned)
            .collect(),
        no_labour: yes(&line["整户无劳动能力兜底保障户"]),
        house_grade: HouseGrade::from_word(&line["危房等级"]),
        water_safe: yes(&line["安全饮用水"]),
        relocated: yes(&line["搬迁安置"]),
        relief: some(&line["低保/特困"]),
        ..RegisterHousehold::default()
    };
    record(origin, None, day(REGISTER_DAY), &body)
}

fn person(line: &Line, origin: Origin) -> (Member, Record) {
    let member = Member {
        person: id(&line["人编号"]),
        kin: match line["与户主关系"].as_str() {
            "户主" => "head",
            "配偶" => "spouse",
            _ => "other",
        }
        .to_owned(),
        sex: None,
        birth_day: Some(day(&line["出生日期"])),
        died_on: None,
        id_state: "ok".to_owned(),
        valid_from: day(REGISTER_DAY),
        how_in: "register".into(),
        valid_to: None,
        how_out: None,
    };
    let body = RegisterPerson {
        sex: some(&line["性别"]),
        education: some(&line["文化程度"]),
        school_state: some(&line["在校生状况"]),
        health: some(&line["健康状况"]),
        labour: LabourSkill::from_word(&line["劳动技能"]),
        work_place: some(&line["务工所在地"]),
        work_months: line["务工时间(月)"].parse().ok(),
        resident_insurance: yes(&line["居民医保"]),
        employee_insurance: yes(&line["职工医保"]),
        major_insurance: yes(&line["大病保险"]),
        disability_level: disability_level(&line["残疾等级"]),
        dibao: yes(&line["低保"]),
        tekun: yes(&line["特困"]),
        ..RegisterPerson::default()
    };
    (member, record(origin, Some(&line["人编号"]), day(REGISTER_DAY), &body))
}

fn event(line: &Line, origin: Origin) -> Record {
    let (a, b) = (line["a"].as_str(), line["b"].as_str());
    let amount = fen(&line["amount_yuan"]);
    let on =
        if line["event_date"].is_empty() { day("2026-09-01") } else { day(&line["event_date"]) };
    let who = Some(line["person_id"].as_str()).filter(|who| !who.is_empty());
    let relief = |kind| SocialAssistance {
        kind: Some(kind),
        amount_fen: amount,
        ..SocialAssistance::default()
    };
    let paper = |change| DisabilityCertificate {
        change: Some(change),
        level: disability_level(a),
        ..DisabilityCertificate::default()
    };
    let job = |change| JobEvent {
        change: Some(change),
        reemployed: yes(a),
        unpaid_fen: amount,
        ..JobEvent::default()
    };
    let moved = |direction| HukouMove { direction: Some(direction), ..HukouMove::default() };
    match line["what"].as_str() {
        "住院结算" => {
            let body = HospitalStay {
                out_of_pocket_fen: amount,
                hospital: some(a),
                ..HospitalStay::default()
            };
            record(origin, who, on, &body)
        }
        "学籍" => {
            let autumn = line["file"].contains("秋季");
            let term = some(if autumn { "2026-autumn" } else { "2026-spring" });
            let on = if autumn { on } else { day("2026-03-01") };
            record(
                origin,
                who,
                on,
                &SchoolRoll { own_cost_fen: amount, term, ..SchoolRoll::default() },
            )
        }
        "疑似失学名单" => {
            let body =
                DropoutSuspect { state: DropoutState::from_word(a), ..DropoutSuspect::default() };
            record(origin, who, on, &body)
        }
        "低保新增" => record(origin, who, on, &relief(ReliefKind::DibaoNew)),
        "低保停发" => record(origin, who, on, &relief(ReliefKind::DibaoStopped)),
        "特困新增" => record(origin, who, on, &relief(ReliefKind::TekunNew)),
        "临时救助" => record(origin, who, on, &relief(ReliefKind::TemporaryRelief)),
        "残疾证新办" => record(origin, who, on, &paper(CertificateChange::New)),
        "残疾证等级变更" => record(origin, who, on, &paper(CertificateChange::Regraded)),
        "残疾证换证" => record(origin, who, on, &paper(CertificateChange::Renewed)),
        "危房" => {
            let (grade, state) = (HouseGrade::from_word(a), HouseState::from_word(b));
            record(origin, who, on, &HouseGradeRow { grade, state, ..HouseGradeRow::default() })
        }
        "停水" => {
            let restored_on = some(a).map(|text| day(&text));
            record(origin, None, on, &WaterOutage { restored_on, ..WaterOutage::default() })
        }
        "失业" => record(origin, who, on, &job(JobChange::Lost)),
        "返乡" => record(origin, who, on, &job(JobChange::CameHome)),
        "欠薪" => record(origin, who, on, &job(JobChange::Unpaid)),
        "受灾户" => {
            record(origin, who, on, &DisasterLoss { loss_fen: amount, ..DisasterLoss::default() })
        }
        "贷款" => {
            let body = LoanState {
                loan_number: some(a),
                balance_fen: amount,
                overdue_days: b.parse().ok(),
                ..LoanState::default()
            };
            record(origin, who, on, &body)
        }
        "死亡注销" => record(origin, who, on, &Death::default()),
        "迁出" => record(origin, who, on, &moved(MoveDirection::Out)),
        "迁入" => record(origin, who, on, &moved(MoveDirection::In)),
        "机动车" => record(
            origin,
            who,
            on,
            &Vehicle { plate: some(a), price_fen: amount, ..Vehicle::default() },
        ),
        "诉求" => {
            let body = Complaint { ticket: some(a), category: some(b), ..Complaint::default() };
            record(origin, who, on, &body)
        }
        other => panic!("{other}"),
    }
}

struct Place {
    households: BTreeMap<String, HouseholdRecords>,
    villages: BTreeMap<String, Vec<Record>>,
    around: Surroundings,
    truth: Vec<Line>,
}

fn place(folder: &Path) -> Place {
    let mut files = Files::default();
    let register = files.batch("registry.xlsx");
    let mut households = BTreeMap::new();
    for (row, line) in (2..).zip(lines(&folder.join("households.csv"))) {
        let records = HouseholdRecords {
            acted: registry::circumstances::facts::Acted::default(),
            household: id::<HouseholdId>(&line["户编号"]),
            members: vec![],
            statuses: vec![],
            records: vec![household(&line, Origin { batch: register, row })],
            elsewhere: vec![],
            incomes: vec![],
        };
        households.insert(line["户编号"].clone(), records);
    }
    for (row, line) in (10_000..).zip(lines(&folder.join("persons.csv"))) {
        let (member, told) = person(&line, Origin { batch: register, row });
        let home = households.get_mut(&line["户编号"]).unwrap();
        home.members.push(member);
        home.records.push(told);
    }
    let batch = files.batch("income.csv");
    for (row, line) in (2..).zip(lines(&folder.join("income.csv"))) {
        households.get_mut(&line["户编号"]).unwrap().incomes.push(Income {
            origin: Origin { batch, row },
            line: line["收入项代码"].as_bytes().try_into().unwrap(),
            to_day: day(&line["截止日期"]),
            amount_fen: fen(&line["金额"]).unwrap(),
        });
    }
    let mut villages: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for line in lines(&folder.join("rows.csv")) {
        let origin =
            Origin { batch: files.batch(&line["file"]), row: line["row"].parse().unwrap() };
        let told = event(&line, origin);
        if told.topic == Topic::WaterOutage {
            villages.entry(line["village_code"].clone()).or_default().push(told);
        } else {
            households.get_mut(&line["household_id"]).unwrap().records.push(told);
        }
    }
    let latest = |part: &str| {
        files.0.iter().position(|name| name.contains(part)).map(|at| id(&at.to_string()))
    };
    let newest = [
        (Topic::DropoutSuspect, latest("疑似失学辍学_2026-10")),
        (Topic::LoanState, latest("小额信贷余额_2026-10")),
        (Topic::Vehicle, latest("人口信息推送_2026-10")),
    ];
    let around = Surroundings {
        latest: newest.into_iter().filter_map(|(topic, batch)| Some((topic, batch?))).collect(),
        ..Surroundings::default()
    };
    Place { households, villages, around, truth: lines(&folder.join("household_facts.csv")) }
}

impl Place {
    fn around(&self, village: &str, on: Day) -> Surroundings {
        let mut around = self.around.clone();
        let records = self.villages.get(village).map_or(&[][..], Vec::as_slice);
        village_events(records, on, &mut around).unwrap();
        around
    }

    /// Every value that differs from the truth: household, column, true, derived.
    fn differences(&self) -> Vec<String> {
        let on = day(REGISTER_DAY);
        let columns: Vec<_> =
            columns().filter(|column| column.table == "household_facts").collect();
        let mut found = Vec::new();
        for line in &self.truth {
            let records = &self.households[&line["household_id"]];
            let (row, _) = derive(records, on, &self.around(&line["village_code"], on)).unwrap();
            let values = row.scalars();
            assert_eq!(values.len(), columns.len());
            let mut compared = 0;
            for (column, value) in columns.iter().zip(values) {
                let Some(truth) = line.get(column.name) else { continue };
                compared += 1;
                let shown = shown(&value, column.kind, column.coverage.is_some());
                let truth = match column.kind {
                    Kind::Money if truth.is_empty() => String::new(),
                    Kind::Money => fen(truth).unwrap().to_string(),
                    _ => truth.clone(),
                };
                if shown != truth {
                    found.push(format!(
                        "{} {}: true {truth}, derived {shown}",
                        line["household_id"], column.name
                    ));
                }
            }
            // every column of the truth but the three that name household, town and village
            assert_eq!(compared, line.len() - 3);
        }
        found
    }
}

/// As the truth file writes it; all lists have arrived, so nothing seen is none.
fn shown(value: &Scalar, kind: Kind, covered: bool) -> String {
    match (value, kind) {
        (Scalar::Null, Kind::Bool) if covered => "false".to_owned(),
        (Scalar::Null, Kind::Int | Kind::Money) if covered => "0".to_owned(),
        (Scalar::Null, _) => String::new(),
        (Scalar::Int(so), Kind::Bool) => (*so == 1).to_string(),
        (Scalar::Int(number), _) => number.to_string(),
        (Scalar::Real(number), _) => number.to_string(),
        (Scalar::Text(text), _) => text.clone(),
    }
}

fn slice(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts_truth").join(name)
}

fn places() -> Vec<PathBuf> {
    let mut all = vec![slice("guanmian"), slice("qin")];
    if let Some(whole) = std::env::var_os("SHOUWANG_FACTS_TRUTH").map(PathBuf::from) {
        all.extend([whole.join("guanmian"), whole.join("qin")]);
    }
    all
}

#[test]
fn the_derived_facts_are_the_true_ones() {
    for folder in places() {
        let place = place(&folder);
        assert!(place.truth.len() > 50, "{}", folder.display());
        let mut differences = place.differences();
        // a household without any member has no income per head; the truth leaves it empty too, but a list that has
        // arrived reads it as nothing: rules ask `persons > 0` first
        differences
            .retain(|line| !(line.contains("income_pc") && line.contains("true , derived 0")));
        assert_eq!(differences, Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn the_order_of_the_records_does_not_matter_and_a_repeated_row_counts_once() {
    let place = place(&slice("guanmian"));
    let on = day(REGISTER_DAY);
    for line in &place.truth {
        let around = place.around(&line["village_code"], on);
        let records = &place.households[&line["household_id"]];
        let (row, persons) = derive(records, on, &around).unwrap();
        let mut turned = records.clone();
        turned.records.reverse();
        turned.incomes.reverse();
        assert_eq!(derive(&turned, on, &around).unwrap().0, row);
        let mut twice = records.clone();
        for one in &records.records {
            if !matches!(one.topic, Topic::RegisterHousehold | Topic::RegisterPerson) {
                let later = Instant::parse("2026-11-02T00:00:00.000Z").unwrap();
                let origin = Origin { batch: one.origin.batch, row: one.origin.row + 100_000 };
                twice.records.push(Record { origin, recorded_at: later, ..one.clone() });
            }
        }
        let again = derive(&twice, on, &around).unwrap();
        assert_eq!(again.0, row, "{}", line["household_id"]);
        assert_eq!(again.1, persons, "{}", line["household_id"]);
    }
}

#[test]
fn nothing_changes_before_the_day_that_is_foretold() {
    let place = place(&slice("qin"));
    let on = day(REGISTER_DAY);
    for line in place.truth.iter().take(40) {
        let records = &place.households[&line["household_id"]];
        let around = place.around(&line["village_code"], on);
        let (row, persons) = derive(records, on, &around).unwrap();
        let values = |row: &HouseholdFactRow| row.scalars();
        let until = row.changes_on.unwrap_or_else(|| on.add_days(400));
        let mut next = on.add_days(1);
        while next < until {
            let (later, _) = derive(records, next, &around).unwrap();
            assert_eq!(values(&later), values(&row), "{} on {next}", line["household_id"]);
            next = next.add_days(1);
        }
        for (at, person) in persons.iter().enumerate() {
            let until = person.changes_on.unwrap_or_else(|| on.add_days(400));
            let (_, before) = derive(records, until.add_days(-1), &around).unwrap();
            if let Some(same) = before.get(at).filter(|same| same.person == person.person) {
                assert_eq!(same.facts, person.facts, "{} before {until}", line["household_id"]);
            }
        }
    }
}

#[test]
fn a_sum_opens_to_the_rows_of_the_file() {
    let place = place(&slice("guanmian"));
    let on = day(REGISTER_DAY);
    let mut opened = 0;
    for line in &place.truth {
        let records = &place.households[&line["household_id"]];
        let heard = evidence(records, on, &place.around(&line["village_code"], on)).unwrap();
        let stays: usize = line["hospital_stays"].parse().unwrap();
        assert_eq!(heard.of("oop_12m").len(), stays);
        let highest = heard.of("oop_max_stay");
        assert_eq!(highest.len(), stays.min(1), "the highest of several opens to its own row");
        assert!(highest.iter().all(|row| heard.of("oop_12m").contains(row)));
        for row in heard.of("oop_12m") {
            let told = records.records.iter().find(|one| one.origin == row).unwrap();
            assert_eq!(told.topic, Topic::HospitalStay);
            opened += 1;
        }
        if line["water_outage_days"] != "0" {
            assert!(!heard.of("water_outage_days").is_empty());
        }
    }
    assert!(opened > 20);
}
