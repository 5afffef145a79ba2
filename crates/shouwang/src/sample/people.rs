//! The families of the sample county: who lives together, how old, at school, at work, ill or insured.

use std::collections::BTreeSet;

use kernel::idnumber::check_character;
use kernel::time::Day;

use super::dice::Dice;
use super::place::Places;
use super::words::Words;

/// Somebody.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the names are those of the register's columns")]
pub struct Person {
    pub number: String,
    pub name: String,
    pub man: bool,
    /// Days since 1970-01-01.
    pub born: i32,
    pub age: i64,
    pub id: String,
    pub nation: String,
    pub party: bool,
    pub kin: &'static str,
    pub education: &'static str,
    pub school: &'static str,
    pub health: &'static str,
    pub labour: &'static str,
    pub work_place: String,
    pub work_months: i64,
    pub employer: String,
    pub post: String,
    pub insured: bool,
    pub employee: bool,
    pub pension: bool,
    /// Category and grade of a disability.
    pub disability: Option<(String, &'static str)>,
    /// The two digits (or three, of a new card) behind the number of a certificate.
    pub certificate_tail: String,
    pub mandarin: bool,
    pub phone: String,
    /// The day on which the person died or moved away.
    pub gone: Option<Day>,
}

impl Person {
    /// The birth day.
    pub fn birth(&self) -> Day {
        Day::from_count(i64::from(self.born))
    }

    /// Able to work.
    pub fn able(&self) -> bool {
        matches!(self.labour, "普通劳动力" | "技能劳动力")
    }

    /// At school or at a university.
    pub fn pupil(&self) -> bool {
        !matches!(self.school, "" | "学龄前儿童" | "学前教育")
    }

    /// Whether the person is still a member on a day.
    pub fn here(&self, day: Day) -> bool {
        self.gone.is_none_or(|gone| day < gone)
    }

    /// The number of the certificate of a disabled person.
    pub fn certificate(&self) -> String {
        let grade = self.disability.as_ref().map_or("4", |(_, grade)| match *grade {
            "一级" => "1",
            "二级" => "2",
            "三级" => "3",
            _ => "4",
        });
        format!("{}4{grade}{}", self.id, self.certificate_tail)
    }
}

/// A household under monitoring.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names are those of the register's columns")]
pub struct Monitored {
    pub class: &'static str,
    pub since: Day,
    pub removed: Option<Day>,
    pub risks: String,
}

/// A household.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the names are those of the register's columns")]
pub struct Household {
    pub number: String,
    /// Place of the village in the list.
    pub village: usize,
    pub group: i64,
    pub members: Vec<Person>,
    pub lifted: bool,
    pub monitored: Option<Monitored>,
    pub dibao: bool,
    pub tekun: bool,
    pub grade: &'static str,
    pub water_safe: bool,
    pub relocated: bool,
    /// Net income of the last twelve months and of the twelve before, in yuan.
    pub income: (i64, i64),
    pub phone: String,
}

impl Household {
    /// The head of the household.
    pub fn head(&self) -> Option<&Person> {
        self.members.first()
    }

    /// How many members are able to work.
    pub fn able(&self) -> usize {
        self.members.iter().filter(|one| one.able()).count()
    }

    /// Members as a number of yuan is divided by.
    pub fn size(&self) -> i64 {
        i64::try_from(self.members.len()).unwrap_or(1).max(1)
    }
}

/// Makes families.
pub struct Maker<'a> {
    /// How chance falls.
    pub dice: Dice,
    words: &'a Words,
    places: &'a Places,
    today: Day,
    ids: BTreeSet<String>,
    phones: BTreeSet<String>,
    persons: usize,
    households: usize,
}

/// What a family begins with: kin, age, man.
type Seat = (&'static str, i64, bool);

impl<'a> Maker<'a> {
    /// A maker that starts from household 1.
    pub fn new(dice: Dice, (words, places): (&'a Words, &'a Places), today: Day) -> Self {
        let (ids, phones) = (BTreeSet::new(), BTreeSet::new());
        Maker { dice, words, places, today, ids, phones, persons: 0, households: 0 }
    }

    /// A household in a village.
    pub fn household(&mut self, village: usize) -> Household {
        self.households += 1;
        let seats = self.seats();
        let family = self.dice.letter(&self.words.surnames);
        let mut members: Vec<Person> =
            seats.iter().map(|seat| self.person(*seat, family)).collect();
        let lifted = self.dice.often(240);
        for one in &mut members {
            self.circumstances(one, lifted);
        }
        let phone = members.first().map(|head| head.phone.clone()).unwrap_or_default();
        let settlement = self.places.villages.get(village).is_some_and(|place| place.settlement);
        let mut household = Household {
            number: format!("{}{:06}", self.places.county_digits(), self.households),
            village,
            group: self.dice.between(1, 6),
            members,
            lifted,
            grade: if self.dice.often(480) { "B" } else { "A" },
            water_safe: !self.dice.often(3),
            relocated: settlement && self.dice.often(500),
            phone,
            ..Household::default()
        };
        self.relief(&mut household);
        household
    }

    fn seats(&mut self) -> Vec<Seat> {
        let dice = &mut self.dice;
        let kind = dice.below(100);
        if kind < 9 {
            return vec![("户主", dice.between(62, 88), dice.often(500))];
        }
        if kind < 25 {
            let age = dice.between(60, 84);
            return vec![("户主", age, true), ("配偶", age - dice.between(0, 5), false)];
        }
        if kind < 30 {
            return vec![("户主", dice.between(24, 58), dice.often(800))];
        }
        let age = if kind < 80 { dice.between(27, 50) } else { dice.between(50, 60) };
        let mut seats = vec![("户主", age, true)];
        let couple = dice.often(900);
        if couple {
            seats.push(("配偶", (age - dice.between(0, 4)).max(22), false));
        }
        for _ in 0..dice.of([0, 1, 1, 1, 2, 2, 2, 3]) {
            let man = dice.often(520);
            let child = (age - dice.between(22, 32)).max(0);
            seats.push((if man { "之子" } else { "之女" }, child, man));
        }
        if dice.often(260) {
            seats.push(("之母", age + dice.between(21, 29), false));
            if dice.often(500) {
                seats.push(("之父", age + dice.between(22, 31), true));
            }
        }
        seats
    }

    /// Somebody with a right number that nobody else has.
    pub fn person(&mut self, (kin, age, man): Seat, family: char) -> Person {
        self.persons += 1;
        let birth = self.today.add_years(-age);
        let birth = birth.add_days(-self.dice.between(1, 364));
        let married_in = matches!(kin, "配偶" | "之母" | "之儿媳");
        let surname = if married_in { self.dice.letter(&self.words.surnames) } else { family };
        let id = self.id(birth, man);
        let phone = if age >= 16 && (kin == "户主" || self.dice.often(600)) {
            self.phone()
        } else {
            String::new()
        };
        Person {
            number: format!("{}{:08}", self.places.county_digits(), self.persons),
            name: format!("{surname}{}", self.given(age, man)),
            man,
            born: birth.count(),
            age: i64::from(birth.age_on(self.today)),
            id,
            nation: self.dice.word(&self.words.nations).to_owned(),
            kin,
            mandarin: age < 60 || self.dice.often(350),
            phone,
            ..Person::default()
        }
    }

    fn given(&mut self, age: i64, man: bool) -> String {
        let pool = match (age < 22, man) {
            (true, true) => &self.words.given_boys,
            (true, false) => &self.words.given_girls,
            (false, true) => &self.words.given_men,
            (false, false) => &self.words.given_women,
        };
        let first = self.dice.letter(pool);
        if self.dice.often(250) {
            return first.to_string();
        }
        format!("{first}{}", self.dice.letter(pool))
    }

    /// A number of the county or of a neighbour, with a sequence number that is not given out.
    fn id(&mut self, birth: Day, man: bool) -> String {
        let day: String = birth.to_string().split('-').collect();
        for _ in 0..1000 {
            let area = if self.dice.often(850) { self.places.county_digits() } else { "140431" };
            let sequence = 700 + self.dice.below(150) * 2 + usize::from(man);
            let digits = format!("{area}{day}{sequence}");
            let check = check_character(digits.as_bytes()).map_or('0', char::from);
            let id = format!("{digits}{check}");
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
        String::new()
    }

    fn phone(&mut self) -> String {
        loop {
            let phone = format!("160{:08}", self.dice.below(100_000_000));
            if self.phones.insert(phone.clone()) {
                return phone;
            }
        }
    }

    fn circumstances(&mut self, one: &mut Person, lifted: bool) {
        let dice = &mut self.dice;
        one.insured = !dice.often(if lifted { 4 } else { 25 });
        one.party = one.age >= 25 && dice.often(50);
        one.health = match dice.below(1000) {
            ill if one.age >= 45 && ill < 180 => "长期慢性病",
            ill if one.age >= 30 && ill < 12 => "患有大病",
            _ => "健康",
        };
        // Classes go by the age in autumn; who is six today goes to school.
        let in_autumn = i64::from(one.birth().age_on(self.today.add_months(-2)));
        one.school = school(dice, if one.age >= 6 { in_autumn.max(6) } else { in_autumn.min(5) });
        if one.school.is_empty() {
            one.education = match one.age {
                ..=35 => dice.of(["初中", "初中", "高中", "大专", "本科及以上"]),
                36..=60 => dice.of(["小学", "初中", "初中", "初中", "高中"]),
                _ => dice.of(["文盲或半文盲", "小学", "小学", "初中"]),
            };
        }
        if one.age >= 10 && dice.often(if one.age >= 50 { 55 } else { 18 }) {
            let category = dice.word(&self.words.disabilities).to_owned();
            one.disability =
                Some((category, dice.of(["一级", "二级", "三级", "三级", "四级", "四级"])));
            one.health = "残疾";
            one.certificate_tail = dice.of(["", "", "", "B1"]).to_owned();
        }
        let severe =
            one.disability.as_ref().is_some_and(|(_, grade)| matches!(*grade, "一级" | "二级"));
        one.labour = match one.age {
            _ if one.pupil() || one.age < 16 => "无劳动力",
            _ if severe => "丧失劳动力",
            _ if one.health == "患有大病" => "弱劳动力或半劳动力",
            ..60 => dice.of(["普通劳动力", "普通劳动力", "普通劳动力", "技能劳动力"]),
            60..70 => "弱劳动力或半劳动力",
            _ => "无劳动力",
        };
        one.employee = one.able() && dice.often(70);
        one.pension = one.age >= 16 && !one.pupil() && (one.age >= 60 || dice.often(880));
        if one.able() && dice.often(680) {
            one.work_place = match dice.below(10) {
                0..4 => "本县".to_owned(),
                4..6 => "本乡".to_owned(),
                _ => dice.word(&self.words.places_away).to_owned(),
            };
            one.work_months = dice.between(4, 12);
            one.employer = dice.word(&self.words.employers).to_owned();
        } else if one.labour == "弱劳动力或半劳动力" && lifted && dice.often(150) {
            one.post = dice.word(&self.words.posts).to_owned();
        }
    }

    /// Monitoring, relief and income of a household.
    fn relief(&mut self, household: &mut Household) {
        let able = household.able();
        let dice = &mut self.dice;
        household.tekun = household.members.len() == 1 && able == 0 && dice.often(140);
        household.dibao = !household.tekun && dice.often(if able == 0 { 330 } else { 30 });
        if dice.often(if able == 0 { 40 } else { 22 }) {
            let since = self.today.add_days(-dice.between(60, 1600));
            let removed = dice.often(450).then(|| since.add_months(dice.between(8, 20)));
            let class = if household.lifted {
                "脱贫不稳定户"
            } else {
                dice.of(["边缘易致贫户", "突发严重困难户"])
            };
            let mut risks = vec![dice.word(&self.words.risks).to_owned()];
            if dice.often(400) {
                let other = dice.word(&self.words.risks).to_owned();
                if !risks.contains(&other) {
                    risks.push(other);
                }
            }
            household.monitored = Some(Monitored {
                class,
                since,
                removed: removed.filter(|day| *day < self.today),
                risks: risks.join("、"),
            });
        }
        let per_head = match dice.below(100) {
            0 => dice.between(6_500, 8_700),
            1..3 => dice.between(8_900, 10_400),
            3..30 => dice.between(11_000, 16_500),
            30..75 => dice.between(16_000, 24_000),
            _ => dice.between(24_000, 42_000),
        };
        let before =
            if dice.often(15) { dice.between(1_500, 1_900) } else { dice.between(860, 1_000) };
        let now = per_head * household.size();
        household.income = (now, now * before / 1000);
    }
}

fn school(dice: &mut Dice, age: i64) -> &'static str {
    match age {
        ..3 => "学龄前儿童",
        3..6 => "学前教育",
        6..12 => "小学",
        12 => "七年级",
        13 => "八年级",
        14 => "九年级",
        15 => dice.of(["普高一", "普高一", "中职一"]),
        16 => dice.of(["普高二", "普高二", "中职二"]),
        17 => dice.of(["普高三", "普高三", "中职三"]),
        18 => dice.of(["本科一", "高职高专一", ""]),
        19 => dice.of(["本科二", "高职高专二", ""]),
        20 => dice.of(["本科三", "高职高专三", ""]),
        21 => dice.of(["本科四", "", ""]),
        _ => "",
    }
}
