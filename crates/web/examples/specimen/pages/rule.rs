//! The body of the specimen `rule`.

use super::*;

#[derive(Template)]
#[template(path = "rule.html")]
pub struct Rule {
    l: L,
    chip: Chip,
    stats: ui::Stats,
    bins: Vec<(String, i64)>,
    fields: (Field, Field),
}

impl Rule {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> Rule {
        let stats = ui::Stats(vec![
            Stat::new("412", say(l, "命中", "Hits")).href("#").small(say(
                l,
                "比上次多 9 户",
                "9 more than before",
            )),
            Stat::new("1,208", say(l, "说不清", "Cannot tell"))
                .href("#")
                .tone(Tone::Amber, "ask")
                .small(say(l, "医保 2026-10 还缺 1 个乡", "One township's list is missing")),
            Stat::new("38.4%", say(l, "核实为有风险", "Confirmed at risk")).href("#"),
        ]);
        let heights = [820, 610, 433, 260, 171, 96, 71, 40, 28, 17, 9, 4];
        let bins = (0_i64..)
            .zip(heights)
            .map(|(at, households)| (l.count(at * 5000), households))
            .collect();
        let filled = Fields::default().with("threshold", "20000").with("times", "1.5");
        let fields = (
            Field::input("number", "threshold", say(l, "自付门槛（元）", "Threshold (yuan)"))
                .filled(l, &filled, None)
                .help(say(l, "改动只用于试算，发布后才生效", "A trial only, until published")),
            Field::input("number", "times", say(l, "监测范围倍数", "Times the line"))
                .filled(l, &filled, None),
        );
        Rule {
            l,
            chip: Chip::new(Tone::Red, say(l, "严重", "Severe")).icon("bang"),
            stats,
            bins,
            fields,
        }
    }
}
