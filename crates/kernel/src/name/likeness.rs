//! Whether two names can be one name that somebody wrote by ear.

use super::sound::syllables;

/// How alike two normal names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameLikeness {
    /// The same characters.
    Same,
    /// The same sounds, tones aside: 王红玲 and 汪红玲.
    SameSound {
        /// How many characters differ.
        differing: usize,
    },
    /// Sounds that many people do not keep apart (zh and z, n and l, ing and in): 周 and 邹, 程 and 陈.
    NearSound {
        /// How many characters differ.
        differing: usize,
    },
    /// Different names.
    Different,
}

impl NameLikeness {
    /// Whether one character at most was written by ear.
    pub fn is_one_slip(self) -> bool {
        match self {
            NameLikeness::Same => true,
            NameLikeness::SameSound { differing } | NameLikeness::NearSound { differing } => {
                differing <= 1
            }
            NameLikeness::Different => false,
        }
    }
}

/// Compares two normal names. Likeness is a reason to ask, together with other evidence; alone it
/// proves nothing.
pub fn compare(one: &str, other: &str) -> NameLikeness {
    if one == other && !one.is_empty() {
        return NameLikeness::Same;
    }
    if one.chars().count() != other.chars().count() || one.is_empty() {
        return NameLikeness::Different;
    }
    let differing = one.chars().zip(other.chars()).filter(|(a, b)| a != b).count();
    let (sounds, others) = (syllables(one), syllables(other));
    if sounds.len() != others.len() {
        return NameLikeness::Different;
    }
    let pairs = || sounds.iter().zip(&others);
    if pairs().all(|(a, b)| a.iter().any(|reading| b.contains(reading))) {
        return NameLikeness::SameSound { differing };
    }
    let near = |a: &[String], b: &[String]| {
        a.iter().any(|reading| b.iter().any(|other| blurred(reading) == blurred(other)))
    };
    if pairs().all(|(a, b)| near(a, b)) {
        NameLikeness::NearSound { differing }
    } else {
        NameLikeness::Different
    }
}

/// The syllable without what is often not kept apart.
fn blurred(syllable: &str) -> String {
    let initial = ["zh", "ch", "sh"]
        .into_iter()
        .find_map(|retroflex| Some((retroflex.get(..1)?, syllable.strip_prefix(retroflex)?)))
        .or_else(|| Some(("l", syllable.strip_prefix('n')?)));
    let syllable = match initial {
        Some((initial, rest)) => format!("{initial}{rest}"),
        None => syllable.to_owned(),
    };
    match syllable.strip_suffix("ng") {
        // ong has no counterpart without g.
        Some(open) if !open.ends_with('o') => format!("{open}n"),
        _ => syllable,
    }
}
