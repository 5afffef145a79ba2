//! Relation to the head of the household (与户主关系), as the national register lists it.

use crate::people::Sex;

macro_rules! kin {
    ($($variant:ident = $code:literal, $official:literal;)+) => {
        /// Relation to the head of the household.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kin {
            $(#[doc = $official] $variant,)+
        }

        impl Kin {
            /// All relations in the order of the national list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code in `memberships.kin`; also the end of the Fluent id `households-kin-…`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The official Chinese word, as in the register.
            #[must_use]
            pub const fn official(self) -> &'static str {
                match self { $(Self::$variant => $official,)+ }
            }
        }
    };
}

kin! {
    Head = "head", "户主";
    Spouse = "spouse", "配偶";
    Son = "son", "之子";
    Daughter = "daughter", "之女";
    DaughterInLaw = "daughter-in-law", "之儿媳";
    SonInLaw = "son-in-law", "之女婿";
    Grandson = "grandson", "之孙子";
    Granddaughter = "granddaughter", "之孙女";
    DaughtersSon = "daughters-son", "之外孙子";
    DaughtersDaughter = "daughters-daughter", "之外孙女";
    Father = "father", "之父";
    Mother = "mother", "之母";
    WifesFather = "wifes-father", "之岳父";
    WifesMother = "wifes-mother", "之岳母";
    HusbandsFather = "husbands-father", "之公公";
    HusbandsMother = "husbands-mother", "之婆婆";
    Grandfather = "grandfather", "之祖父";
    Grandmother = "grandmother", "之祖母";
    MothersFather = "mothers-father", "之外祖父";
    MothersMother = "mothers-mother", "之外祖母";
    Sibling = "sibling", "之兄弟姐妹";
    GreatGrandson = "great-grandson", "之曾孙子";
    GreatGranddaughter = "great-granddaughter", "之曾孙女";
    Nephew = "nephew", "之侄儿";
    Niece = "niece", "之侄女";
    BrothersWife = "brothers-wife", "之兄弟媳妇";
    Uncle = "uncle", "之叔伯";
    Other = "other", "其他";
}

impl Kin {
    /// The relation of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kin| kin.code() == code)
    }

    /// The relation that the register writes; 本人 and 户主 are both the head, the leading 之 may be missing.
    #[must_use]
    pub fn from_official(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "本人" {
            return Some(Self::Head);
        }
        Self::ALL
            .iter()
            .copied()
            .find(|kin| kin.official() == text || kin.official().strip_prefix('之') == Some(text))
    }

    /// Whether this is the head.
    #[must_use]
    pub const fn is_head(self) -> bool {
        matches!(self, Self::Head)
    }
}

/// What `member` (with that relation to the old head) is to the new head, who was `new_head` to the old one. `Other`
/// where the register does not say enough, so that a person chooses.
#[must_use]
pub fn toward_new_head(new_head: (Kin, Option<Sex>), member: (Kin, Option<Sex>)) -> Kin {
    match new_head.0 {
        Kin::Head => member.0,
        Kin::Spouse => toward_spouse(new_head.1, member.0),
        Kin::Son | Kin::Daughter => toward_child(new_head, member),
        Kin::Father | Kin::Mother => toward_parent(member),
        _ => Kin::Other,
    }
}

fn toward_spouse(new_head: Option<Sex>, member: Kin) -> Kin {
    let wife = match new_head {
        Some(Sex::Female) => true,
        Some(Sex::Male) => false,
        None => return Kin::Other,
    };
    match member {
        Kin::Head => Kin::Spouse,
        Kin::Son
        | Kin::Daughter
        | Kin::DaughterInLaw
        | Kin::SonInLaw
        | Kin::Grandson
        | Kin::Granddaughter
        | Kin::DaughtersSon
        | Kin::DaughtersDaughter
        | Kin::GreatGrandson
        | Kin::GreatGranddaughter => member,
        Kin::Father if wife => Kin::HusbandsFather,
        Kin::Mother if wife => Kin::HusbandsMother,
        Kin::Father => Kin::WifesFather,
        Kin::Mother => Kin::WifesMother,
        Kin::WifesFather | Kin::HusbandsFather => Kin::Father,
        Kin::WifesMother | Kin::HusbandsMother => Kin::Mother,
        _ => Kin::Other,
    }
}

fn toward_child(new_head: (Kin, Option<Sex>), member: (Kin, Option<Sex>)) -> Kin {
    match (member.0, member.1) {
        (Kin::Head | Kin::Spouse, Some(Sex::Male)) => Kin::Father,
        (Kin::Head | Kin::Spouse, Some(Sex::Female)) => Kin::Mother,
        (Kin::Son | Kin::Daughter, _) => Kin::Sibling,
        (Kin::DaughterInLaw, _) if new_head.0 == Kin::Son => Kin::Spouse,
        (Kin::SonInLaw, _) if new_head.0 == Kin::Daughter => Kin::Spouse,
        (Kin::Grandson, _) if new_head.0 == Kin::Son => Kin::Son,
        (Kin::Granddaughter, _) if new_head.0 == Kin::Son => Kin::Daughter,
        (Kin::DaughtersSon, _) if new_head.0 == Kin::Daughter => Kin::Son,
        (Kin::DaughtersDaughter, _) if new_head.0 == Kin::Daughter => Kin::Daughter,
        (Kin::Father, _) => Kin::Grandfather,
        (Kin::Mother, _) => Kin::Grandmother,
        _ => Kin::Other,
    }
}

fn toward_parent(member: (Kin, Option<Sex>)) -> Kin {
    match (member.0, member.1) {
        (Kin::Head, Some(Sex::Male)) => Kin::Son,
        (Kin::Head, Some(Sex::Female)) => Kin::Daughter,
        (Kin::Spouse, Some(Sex::Female)) => Kin::DaughterInLaw,
        (Kin::Spouse, Some(Sex::Male)) => Kin::SonInLaw,
        (Kin::Son, _) => Kin::Grandson,
        (Kin::Daughter, _) => Kin::Granddaughter,
        (Kin::Father | Kin::Mother, _) => Kin::Spouse,
        _ => Kin::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_is_found_by_code_and_by_word() {
        for kin in Kin::ALL {
            assert_eq!(Kin::parse(kin.code()), Some(*kin));
            assert_eq!(Kin::from_official(kin.official()), Some(*kin));
        }
        assert_eq!(Kin::from_official("子"), Some(Kin::Son));
        assert_eq!(Kin::from_official(" 本人 "), Some(Kin::Head));
        assert_eq!(Kin::from_official("邻居"), None);
    }

    #[test]
    fn the_widow_becomes_head_and_the_children_stay_hers() {
        let widow = (Kin::Spouse, Some(Sex::Female));
        assert_eq!(toward_new_head(widow, (Kin::Son, Some(Sex::Male))), Kin::Son);
        assert_eq!(toward_new_head(widow, (Kin::Mother, Some(Sex::Female))), Kin::HusbandsMother);
        assert_eq!(toward_new_head(widow, (Kin::Head, Some(Sex::Male))), Kin::Spouse);
    }

    #[test]
    fn the_son_becomes_head_and_his_mother_stays() {
        let son = (Kin::Son, Some(Sex::Male));
        assert_eq!(toward_new_head(son, (Kin::Spouse, Some(Sex::Female))), Kin::Mother);
        assert_eq!(toward_new_head(son, (Kin::DaughterInLaw, Some(Sex::Female))), Kin::Spouse);
        assert_eq!(toward_new_head(son, (Kin::Nephew, Some(Sex::Male))), Kin::Other);
    }

    #[test]
    fn nobody_but_the_new_head_is_called_head() {
        for new_head in Kin::ALL.iter().filter(|kin| !kin.is_head()) {
            for member in Kin::ALL {
                for sex in [None, Some(Sex::Male), Some(Sex::Female)] {
                    assert!(!toward_new_head((*new_head, sex), (*member, sex)).is_head());
                }
            }
        }
    }
}
