//! The alarms of a pack, read and proven: files of `alarms/`, written like screening rules with `level = "village"` or `"town"`.

use std::collections::BTreeMap;

use facts::{Binding, CoverageView, Params, Schema, Situation};
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::time::Day;
use registry::policies::{self, Pack};
use serde_json::json;

use super::model::{AREA, COLUMNS, Sums, by_level};
use crate::screening::{Rule, RuleDef, check};

/// One alarm that can be asked.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// Of which areas.
    pub level: AreaLevel,
    /// Condition, words, evidence, clock.
    pub rule: Rule,
}

/// An alarm that cannot be asked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The file in the pack.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

/// The alarms of a day.
#[derive(Debug, Clone)]
pub struct AlarmBook {
    /// The pack and its version.
    pub pack: (String, u32),
    /// Alarms in the order of their files.
    pub alarms: Vec<Alarm>,
    /// Those that cannot be asked.
    pub troubles: Vec<Trouble>,
    /// Parameters of the day.
    pub params: Params,
    /// The day.
    pub today: Day,
}

/// An area over a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// Id of the alarm.
    pub alarm: String,
    /// The area.
    pub area: AreaCode,
    /// The sentence, Chinese and English.
    pub sentence: (String, String),
    /// The values on which it rests, as JSON.
    pub evidence: String,
}

/// What the alarms say of all areas.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Areas over a threshold.
    pub over: Vec<Over>,
    /// For each alarm: the areas that were asked, and those of which it cannot tell.
    pub areas: BTreeMap<String, (Vec<AreaCode>, Vec<AreaCode>)>,
}

impl AlarmBook {
    /// Reads and proves the alarms of a pack for a county on a day.
    ///
    /// # Errors
    /// A fault when the columns themselves are unsound.
    pub fn of(pack: &Pack, county: AreaCode, today: Day) -> Result<Self> {
        let schema = Schema::new(&[AREA], COLUMNS)
            .map_err(|why| Error::fault(format!("facts of areas: {why}")))?;
        let params = policies::resolve(&pack.parameters, county, today);
        let (mut alarms, mut troubles) = (Vec::<Alarm>::new(), Vec::new());
        for (file, text) in pack.folder("alarms") {
            let read = read(text).and_then(|(level, def)| {
                if alarms.iter().any(|known| known.rule.def.id == def.id) {
                    return Err(format!("{} is given twice", def.id));
                }
                let wrong = |problems: Vec<crate::screening::RuleProblem>| {
                    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
                    texts.join("; ")
                };
                check(&def, &schema, &params).map(|rule| Alarm { level, rule }).map_err(wrong)
            });
            match read {
                Ok(alarm) => alarms.push(alarm),
                Err(why) => troubles.push(Trouble { file: file.to_owned(), why }),
            }
        }
        let pack = (pack.head.id.clone(), pack.head.version);
        Ok(AlarmBook { pack, alarms, troubles, params, today })
    }

    /// The alarm of an id.
    pub fn find(&self, id: &str) -> Option<&Alarm> {
        self.alarms.iter().find(|alarm| alarm.rule.def.id == id)
    }

    /// The condition of an alarm in plain words.
    pub fn in_words(&self, alarm: &Alarm, lang: Lang) -> String {
        alarm.rule.in_words(&self.params, lang)
    }

    /// Asks every alarm of every area in which one of the villages lies.
    pub fn ask(&self, villages: &BTreeMap<AreaCode, Sums>) -> Asked {
        let coverage = CoverageView::everything();
        let binding = Binding { today: self.today, params: &self.params, coverage: &coverage };
        let mut asked = Asked::default();
        for alarm in &self.alarms {
            let areas = by_level(villages, alarm.level);
            let mut unknown = Vec::new();
            for (area, sums) in &areas {
                let situation = Situation {
                    village: area.to_string(),
                    row: sums.row(),
                    ..Situation::default()
                };
                // what is known may carry the alarm alone; that it does not hold is said only of what is known as a whole
                let whole = Situation { row: sums.whole_row(), ..situation.clone() };
                match alarm.rule.predicate.eval(binding, &situation) {
                    Some(true) => asked.over.push(over(alarm, binding, (*area, &situation))),
                    _ => match alarm.rule.predicate.eval(binding, &whole) {
                        Some(_) => {}
                        None => unknown.push(*area),
                    },
                }
            }
            let all = areas.into_keys().collect();
            asked.areas.insert(alarm.rule.def.id.clone(), (all, unknown));
        }
        asked
    }
}

fn over(alarm: &Alarm, binding: Binding<'_>, (area, asked): (AreaCode, &Situation)) -> Over {
    let said = |lang| alarm.rule.sentence(lang, binding, &asked.row, &asked.village);
    let values = alarm.rule.evidence.iter().map(|column| {
        let value = match asked.row.get(column.name) {
            Some(facts::Scalar::Int(number)) => json!(number),
            _ => serde_json::Value::Null,
        };
        (column.name.to_owned(), value)
    });
    Over {
        alarm: alarm.rule.def.id.clone(),
        area,
        sentence: (said(Lang::Zh), said(Lang::En)),
        evidence: serde_json::Value::Object(values.collect()).to_string(),
    }
}

/// A file says its level itself; everything else is that of a rule.
fn read(text: &str) -> std::result::Result<(AreaLevel, RuleDef), String> {
    let mut file: toml::Table = toml::from_str(text).map_err(|why| why.message().to_owned())?;
    let level = file.insert("level".to_owned(), "village".into());
    let level = level.as_ref().and_then(toml::Value::as_str).unwrap_or_default();
    let level = match level.parse() {
        Ok(level @ (AreaLevel::Village | AreaLevel::Town | AreaLevel::County)) => level,
        _ => return Err(format!("level: village, town or county, not {level:?}")),
    };
    file.insert("table".to_owned(), AREA.name.into());
    let def = file.try_into().map_err(|why: toml::de::Error| why.message().to_owned())?;
    Ok((level, def))
}
