//! The body of the specimen `household`.

use super::*;

pub struct Member {
    name: String,
    kin: String,
    line: String,
    chips: Vec<Chip>,
}

pub struct Cell {
    label: String,
    mark: Mark,
    source: Option<Source>,
}

pub struct Open {
    what: String,
    clock: Clock,
}

#[derive(Template)]
#[template(path = "household.html")]
pub struct Household {
    l: L,
    chips: (Chip, Chip),
    people: Vec<Member>,
    matrix: Vec<Cell>,
    chart: ui::MonthChart,
    spend: Source,
    open: Vec<Open>,
    timeline: ui::Timeline,
}

impl Household {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> Household {
        let member =
            |name: (&str, &str), kin: (&str, &str), line: (&str, &str), chips: Vec<Chip>| Member {
                name: say(l, name.0, name.1),
                kin: say(l, kin.0, kin.1),
                line: say(l, line.0, line.1),
                chips,
            };
        let people = vec![
            member(
                ("张国强", "Zhang Guoqiang"),
                ("户主", "Head"),
                (
                    "54 岁 · 5002**********1234 · 县内务工",
                    "54 · 5002**********1234 · works in the county",
                ),
                vec![],
            ),
            member(
                ("王秀英", "Wang Xiuying"),
                ("妻", "Wife"),
                ("52 岁 · 在家务农", "52 · farms at home"),
                vec![
                    Chip::new(Tone::Red, say(l, "尿毒症", "Kidney failure")),
                    Chip::new(Tone::Grey, say(l, "残疾二级", "Disability 2")),
                ],
            ),
            member(
                ("张磊", "Zhang Lei"),
                ("子", "Son"),
                ("24 岁 · 浙江务工", "24 · works in Zhejiang"),
                vec![],
            ),
            member(
                ("张小雨", "Zhang Xiaoyu"),
                ("女", "Daughter"),
                ("14 岁 · 初二在校", "14 · 8th grade"),
                vec![],
            ),
            member(
                ("陈桂芳", "Chen Guifang"),
                ("母", "Mother"),
                ("79 岁", "79"),
                vec![Chip::new(Tone::Grey, say(l, "无劳动力", "Cannot work"))],
            ),
        ];
        let cell = |label: (&str, &str), mark: Mark, source: Option<Source>| Cell {
            label: say(l, label.0, label.1),
            mark,
            source,
        };
        let lists = |zh, en, age| Some(source(l, zh, en, age));
        let matrix = vec![
            cell(
                ("义务教育", "Schooling"),
                Mark::ok(say(l, "1 人应上，1 人在校", "1 of 1 at school")),
                lists(("教育局", "2026-10 学籍"), ("Education", "roll 2026-10"), 12),
            ),
            cell(
                ("基本医疗", "Insurance"),
                Mark::bad(say(l, "5 人中 1 人未参保", "1 of 5 not insured")),
                lists(("医保局", "2026-10 参保"), ("Medical insurance", "2026-10"), 23),
            ),
            cell(
                ("住房安全", "Housing"),
                Mark::ok(say(l, "B 级，安全", "Grade B, safe")),
                lists(("住建局", "2025 鉴定"), ("Housing", "survey 2025"), 412),
            ),
            cell(
                ("饮水安全", "Water"),
                Mark::ok(say(l, "集中供水，正常", "Piped, running")),
                lists(("水利局", "2026-11"), ("Water", "2026-11"), 2),
            ),
            cell(
                ("吃穿", "Food, clothing"),
                Mark::ask(say(l, "还没有人看过", "Nobody has looked yet")),
                None,
            ),
        ];
        let bars: Vec<ui::MonthBar> = (0..24)
            .map(|at: i64| {
                let month = kernel::time::Month::parse("2024-11").unwrap().add_months(at);
                let wage =
                    if at < 15 { 310_000 + at % 4 * 22_000 } else { 120_000 - at % 3 * 14_000 };
                let blocks =
                    vec![wage, if at % 12 == 9 { 260_000 } else { 18_000 }, 9_000, 62_000, 14_000];
                ui::MonthBar { month: month.to_string(), blocks, counts: at >= 12 }
            })
            .collect();
        let legend = people_of_blocks(l);
        let chart = ui::MonthChart::new(
            l,
            say(l, "人均收入，按月", "Income a head by month"),
            legend,
            &bars,
        );
        let event = |day: &str, tone, zh: (&str, &str), en: (&str, &str), source| {
            let (title, text) = if l.is_zh() { zh } else { en };
            ui::Event {
                day: day.to_owned(),
                tone,
                title: title.to_owned(),
                text: text.to_owned(),
                source,
                href: None,
            }
        };
        let timeline = ui::Timeline(vec![
            event(
                "2026-10-30",
                Tone::Amber,
                ("线索：医疗支出负担重", "近 12 个月合规自付 38,620 元"),
                ("Lead: heavy medical cost", "38,620 yuan out of pocket in 12 months"),
                None,
            ),
            event(
                "2026-10-30",
                Tone::Grey,
                ("王秀英住院结算 3 笔", "总费用 61,204.00 元，自付 18,930.00 元"),
                ("Wang Xiuying, 3 hospital stays", "61,204.00 yuan, 18,930.00 out of pocket"),
                Some(hospital(l)),
            ),
            event(
                "2026-02-11",
                Tone::Accent,
                ("张磊外出务工", "村上报，乡镇已确认"),
                ("Zhang Lei left for work", "Reported by the village, confirmed"),
                None,
            ),
            event(
                "2025-04-01",
                Tone::Green,
                ("纳入低保", "5 人，每月 1,430.00 元"),
                ("Dibao granted", "5 persons, 1,430.00 yuan a month"),
                lists(("民政局", "2025-04"), ("Civil affairs", "2025-04"), 600),
            ),
        ]);
        let open = |zh: &str, en: &str, due: &str| Open {
            what: say(l, zh, en),
            clock: Clock::new(l, today(), day(due)),
        };
        let open = vec![
            open("线索：医疗支出负担重", "Lead: heavy medical cost", "2026-11-21"),
            open("待办：王秀英医保缴费", "Wang Xiuying's insurance", "2026-12-25"),
        ];
        let chips = (
            Chip::new(Tone::Accent, say(l, "脱贫户", "Lifted")),
            Chip::new(Tone::Amber, say(l, "低保", "Dibao")).icon("info"),
        );
        Household {
            l,
            chips,
            people,
            matrix,
            chart: chart.line(
                &bars,
                240_000,
                say(l, "去年同期月均", "Monthly mean of the year before"),
            ),
            spend: hospital(l),
            open,
            timeline,
        }
    }
}

fn people_of_blocks(l: L) -> Vec<String> {
    people(
        l,
        &[
            ("工资性", "Wages"),
            ("经营性", "Farm and trade"),
            ("财产性", "Property"),
            ("转移性", "Transfers"),
            ("其他", "Other"),
        ],
    )
}
