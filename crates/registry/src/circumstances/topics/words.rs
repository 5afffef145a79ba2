//! The official words of the lists, each as a type with a short code.
//!
//! A word that is not known is no value: the reader reports it as a finding at its cell instead of guessing.

macro_rules! official_words {
    ($(#[$outer:meta])* $name:ident { $($variant:ident = $code:literal : $word:literal $(| $other:literal)*, $doc:literal;)+ }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(#[doc = $doc] #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The value of an official word (or of a spelling in use); `None` when the word is not known.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word.trim() { $($word $(| $other)* => Some(Self::$variant),)+ _ => None }
            }

            /// The official word, as lists and tables show it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The short code in bodies and fact tables.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

official_words! {
    /// What a row of the civil affairs list says (类别).
    ReliefKind {
        DibaoNew = "dibao_new": "低保新增" | "新增低保", "Dibao granted; the amount is per month.";
        DibaoStopped = "dibao_stopped": "低保停发" | "低保退出" | "低保停保", "Dibao ended; the amount is the last month's.";
        TekunNew = "tekun_new": "特困新增" | "新增特困", "Taken in as a person in extreme hardship; per month.";
        TekunStopped = "tekun_stopped": "特困停发" | "特困退出" | "特困终止", "No longer a person in extreme hardship.";
        TemporaryRelief = "temporary": "临时救助", "One payment of temporary relief.";
    }
}

official_words! {
    /// What happened to a disability certificate (办理类型).
    CertificateChange {
        New = "new": "新办" | "首次办理" | "初次申领", "First certificate of this person.";
        Regraded = "regraded": "等级变更" | "类别/等级变更" | "变更", "Another category or grade.";
        Renewed = "renewed": "换证" | "期满换证" | "换领" | "补办", "A new paper, nothing changed.";
        Ended = "ended": "注销" | "冻结", "The certificate ended.";
    }
}

official_words! {
    /// Grade of a house (鉴定等级, 危房等级): A safe, B a few parts damaged, C partly, D wholly dangerous.
    HouseGrade {
        A = "A": "A级" | "A" | "a" | "A 级", "Safe.";
        B = "B": "B级" | "B" | "b" | "B 级", "Safe enough.";
        C = "C": "C级" | "C" | "c" | "C 级", "Dangerous in part.";
        D = "D": "D级" | "D" | "d" | "D 级", "Dangerous as a whole.";
    }
}

official_words! {
    /// What was done about a dangerous house (处置情况).
    HouseState {
        Untouched = "untouched": "未改造" | "未处置" | "未动工", "Nothing yet.";
        UnderWork = "under_work": "改造中" | "在建" | "施工中", "Being repaired or rebuilt.";
        Rebuilt = "rebuilt": "已改造" | "已竣工" | "已完成", "Repaired or rebuilt.";
        MovedOut = "moved_out": "已搬离" | "已搬迁" | "已拆除", "Nobody lives there any more.";
    }
}

impl HouseState {
    /// Whether people are still at risk in it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Untouched | Self::UnderWork)
    }
}

official_words! {
    /// What the check of a child of school age found (排查状态).
    DropoutState {
        Suspected = "suspected": "疑似失学" | "疑似辍学" | "失学" | "辍学" | "疑似失学辍学", "Not found at any school.";
        SchoolElsewhere = "elsewhere": "外地就读", "Goes to school in another county.";
        TaughtAtHome = "home": "送教上门", "A teacher comes to the house.";
        SickLeave = "sick": "因病休学" | "休学", "Leave for illness.";
        Returned = "returned": "已返校" | "已复学" | "已劝返", "Back at school.";
    }
}

official_words! {
    /// What happened to somebody's job (类型).
    JobChange {
        Lost = "lost": "失业", "Lost the job.";
        CameHome = "home": "返乡", "Came home from work elsewhere.";
        Unpaid = "unpaid": "欠薪", "Wages not paid.";
    }
}

official_words! {
    /// Which way a household registration moved (变动类型).
    MoveDirection {
        Out = "out": "迁出", "Out of this county.";
        In = "in": "迁入", "Into this county.";
    }
}

official_words! {
    /// Ability to work (劳动技能).
    LabourSkill {
        Skilled = "skilled": "技能劳动力", "Able to work and skilled.";
        Ordinary = "ordinary": "普通劳动力", "Able to work.";
        Weak = "weak": "弱劳动力或半劳动力" | "弱劳动力" | "半劳动力" | "弱半劳动力", "Able to do some work.";
        Lost = "lost": "丧失劳动力", "Can no longer work.";
        None = "none": "无劳动力" | "无劳动能力", "Not able to work, or a child.";
    }
}

impl LabourSkill {
    /// An able worker: 普通劳动力 or 技能劳动力.
    #[must_use]
    pub const fn is_able(self) -> bool {
        matches!(self, Self::Skilled | Self::Ordinary)
    }
}

/// The words of 健康状况, of which a cell may hold several (`长期慢性病、残疾`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HealthWords {
    /// 长期慢性病.
    pub chronic: bool,
    /// 患有大病.
    pub severe: bool,
    /// 残疾.
    pub disabled: bool,
}

impl HealthWords {
    /// Reads a cell; `None` when it is empty or holds a word that is not known.
    #[must_use]
    pub fn from_cell(cell: &str) -> Option<Self> {
        let mut words = Self::default();
        let mut said = false;
        for word in cell
            .split(['、', ',', '，', ';', '；', '/', ' '])
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match word {
                "健康" => {}
                "长期慢性病" | "慢性病" => words.chronic = true,
                "患有大病" | "大病" => words.severe = true,
                "残疾" => words.disabled = true,
                _ => return None,
            }
            said = true;
        }
        said.then_some(words)
    }
}

/// The grade of a disability (一级 the most severe … 四级) as 1 … 4; `None` when the word is not known.
#[must_use]
pub fn disability_level(word: &str) -> Option<u8> {
    match word.trim().trim_end_matches('级') {
        "一" | "1" | "壹" | "Ⅰ" => Some(1),
        "二" | "2" | "贰" | "Ⅱ" => Some(2),
        "三" | "3" | "叁" | "Ⅲ" => Some(3),
        "四" | "4" | "肆" | "Ⅳ" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_may_hold_several_health_words() {
        assert_eq!(
            HealthWords::from_cell("长期慢性病、残疾"),
            Some(HealthWords { chronic: true, severe: false, disabled: true })
        );
        assert_eq!(HealthWords::from_cell("健康"), Some(HealthWords::default()));
        assert_eq!(HealthWords::from_cell(""), None);
        assert_eq!(HealthWords::from_cell("还行"), None);
    }

    #[test]
    fn a_word_and_its_code_come_back_as_the_same_value() {
        for kind in ReliefKind::ALL {
            assert_eq!(ReliefKind::from_word(kind.word()), Some(*kind));
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.code()));
        }
        assert_eq!(HouseGrade::from_word("C级"), Some(HouseGrade::C));
        assert_eq!(HouseGrade::from_word("C"), Some(HouseGrade::C));
        assert_eq!(LabourSkill::from_word("壮劳力"), None);
    }

    #[test]
    fn a_grade_of_disability_is_one_to_four() {
        assert_eq!(disability_level("一级"), Some(1));
        assert_eq!(disability_level("4"), Some(4));
        assert_eq!(disability_level("五级"), None);
    }
}
