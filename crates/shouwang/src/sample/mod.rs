//! The sample county: families and a year of departments' lists out of a seed, written as files like those that a real
//! county receives. Everybody in it is invented; only the codes and names of the places are real.

mod care;
mod dice;
mod events;
mod field;
mod income;
mod mess;
mod people;
mod place;
mod register;
mod scribe;
mod sheet;
mod stories;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use kernel::time::Day;

use dice::Dice;
use events::{Span, World};
use people::{Household, Maker};
use place::Places;
use scribe::Scribe;
use sheet::Binder;
pub use words::Said;

/// What sample county is wished for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// How many households.
    pub households: usize,
    /// The seed: the same seed on the same day makes the same files.
    pub seed: u64,
    /// The day on which the county is looked at: ages count to it.
    pub today: Day,
    /// The lists end with the last whole month up to this day.
    pub until: Day,
}

/// The files of a sample county and where its sample people work.
pub struct Sample {
    /// Name and content: `areas.csv`, `registry.xlsx`, `income.csv.gz`, `departments/…`,
    /// `late/…` (came a few days ago), `to-try/…` (not yet delivered).
    pub files: BTreeMap<String, Vec<u8>>,
    /// Code of the county.
    pub county: String,
    /// Codes of the townships that have households, in the order of the code list.
    pub towns: Vec<String>,
    /// Code of the village in which the stories are.
    pub village: String,
    /// Names of the sample people by login.
    pub people: BTreeMap<String, String>,
    /// What they answered.
    pub answers: Vec<Said>,
}

/// Makes the county.
///
/// # Errors
/// Text that says which file of `packs/sample` is wrong; the tests make a county.
pub fn make(wish: &Wish) -> Result<Sample> {
    let (words, lists) = words::load()?;
    let places = settled(Places::load()?, wish.households);
    let dice = Dice::new(wish.seed);
    let span = Span::to(wish.until, wish.today);
    let mut maker = Maker::new(dice.apart("people"), (&words, &places), wish.today);
    let mut households = families(&mut maker, &places, wish.households);
    let mut world =
        World { households: &mut households, words: &words, places: &places, span: &span };
    let mut happened = events::by_chance(&dice.apart("events"), &mut world);
    stories::place(&mut dice.apart("stories"), &mut world, &mut happened);
    let mut scribe = Scribe {
        households: &households,
        events: &happened,
        words: &words,
        places: &places,
        span: &span,
        binder: Binder::new(&lists, &places.county, wish.today),
        strangers: maker,
        dice: dice.apart("lists"),
    };
    register::register(&mut scribe.binder, (&words, &places), &households, dice.apart("register"))?;
    register::incomes(&mut scribe.binder, &households, (&span, dice.apart("income")))?;
    care::write(&mut scribe)?;
    field::write(&mut scribe)?;
    let mut files = scribe.binder.finish()?;
    files.insert("areas.csv".to_owned(), words::AREAS.as_bytes().to_vec());
    let used = |town: usize| places.villages.iter().any(|village| village.town == town);
    let towns = (0..places.towns.len()).filter(|town| used(*town));
    Ok(Sample {
        files,
        county: places.county_code.clone(),
        towns: towns
            .filter_map(|town| places.towns.get(town))
            .map(|town| town.code.clone())
            .collect(),
        village: places.villages.first().map(|village| village.code.clone()).unwrap_or_default(),
        people: words.people.clone(),
        answers: words.answers.clone(),
    })
}

impl Sample {
    /// Writes the files into a folder.
    ///
    /// # Errors
    /// Text that says which file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)
                    .with_context(|| format!("{} cannot be made", parent.display()))?;
            }
            std::fs::write(&path, bytes)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }
}

/// Fewer villages for a small county, from every township, so that a village is still a village.
fn settled(mut places: Places, households: usize) -> Places {
    let wanted = (households / 12).clamp(6, places.villages.len());
    let rank = |places: &Places, at: usize| {
        let town = places.villages.get(at).map_or(0, |village| village.town);
        places.villages.iter().take(at).filter(|village| village.town == town).count()
    };
    let mut order: Vec<(usize, usize)> =
        (0..places.villages.len()).map(|at| (rank(&places, at), at)).collect();
    order.sort_unstable();
    let mut kept: Vec<usize> = order.into_iter().take(wanted).map(|(_, at)| at).collect();
    kept.sort_unstable();
    places.villages = kept.into_iter().filter_map(|at| places.villages.get(at).cloned()).collect();
    places
}

/// Families village by village; some villages are larger than others, the first has its share at least.
fn families(maker: &mut Maker<'_>, places: &Places, wanted: usize) -> Vec<Household> {
    let weights: Vec<usize> = (0..places.villages.len())
        .map(|at| if at == 0 { 4 } else { 2 + maker.dice.below(4) })
        .collect();
    let whole = weights.iter().sum::<usize>().max(1);
    let mut households = Vec::with_capacity(wanted);
    let mut weighed = 0;
    for (village, weight) in weights.iter().enumerate() {
        weighed += weight;
        while households.len() < wanted * weighed / whole {
            households.push(maker.household(village));
        }
    }
    households
}
