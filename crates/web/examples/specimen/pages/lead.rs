//! The body of the specimen `lead`.

use super::*;

#[derive(Template)]
#[template(path = "lead.html")]
pub struct Lead {
    l: L,
    chips: (Chip, Chip),
    why: (Why, Why),
    unknown: (Mark, Mark),
    clock: Clock,
    known: Vec<(Mark, Source)>,
}

impl Lead {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> Lead {
        let sentence = say(
            l,
            "近 12 个月合规自付 38,620.00 元，超过 20,000 元；人均纯收入 11,842.50 元，低于监测范围的 1.5 倍（12,000 元）；没有享受医疗救助。",
            "38,620.00 yuan out of pocket in 12 months, above 20,000; net income a head 11,842.50, below 1.5 times the monitoring line (12,000); no medical assistance.",
        );
        let condition = say(
            l,
            "合规自付高于门槛，并且人均纯收入低于监测范围的 1.5 倍，并且没有医疗救助",
            "Out-of-pocket above the threshold, and income a head below 1.5 times the line, and no medical assistance",
        );
        let item = |label: (&str, &str), value: String, source: Option<Source>| Evidence {
            label: say(l, label.0, label.1),
            value,
            sources: source.into_iter().collect(),
            note: String::new(),
        };
        let evidence = vec![
            item(("合规自付", "Out-of-pocket"), l.money(3_862_000), Some(hospital(l))),
            item(
                ("人均纯收入", "Income a head"),
                l.money(1_184_250),
                Some(source(l, ("乡镇", "收入台账"), ("Township", "income ledger"), 40)),
            ),
            item(
                ("医疗救助", "Assistance"),
                say(l, "没有", "none"),
                Some(source(l, ("民政局", "2026-10 救助名单"), ("Civil affairs", "2026-10"), 19)),
            ),
        ];
        let first = Why::new(l, Tone::Red, sentence, condition).evidence(evidence);
        let first = first
            .basis(
                l.t("web-why-basis"),
                say(
                    l,
                    "门槛 20,000 元：本县设定，尚无文件",
                    "20,000 yuan: set locally, no document yet",
                ),
            )
            .basis(l.t("web-why-rule"), "med-01 · 3 · 2026-01-01")
            .open();
        let second = Why::new(
            l,
            Tone::Amber,
            say(
                l,
                "5 口人中 1 人没有参加 2026 年度医保。",
                "1 of 5 persons has no medical insurance for 2026.",
            ),
            say(l, "有家庭成员未参保", "A member is not insured"),
        );
        let unknown = (
            Mark::ask(say(l, "商业保险赔了没有", "Whether private insurance has paid")),
            Mark::ask(say(l, "张磊寄回多少钱", "What Zhang Lei sends home")),
        );
        let known = vec![
            (
                Mark::ok(say(l, "住房 B 级，安全", "House safe, grade B")),
                source(l, ("住建局", "2025 鉴定"), ("Housing", "survey 2025"), 412).old(),
            ),
            (
                Mark::ok(say(l, "孩子在校", "Child at school")),
                source(l, ("教育局", "2026-10 学籍"), ("Education", "roll 2026-10"), 12),
            ),
            (
                Mark::bad(say(l, "未参保 1 人", "1 not insured")),
                source(l, ("医保局", "2026-10 参保"), ("Medical insurance", "2026-10"), 23),
            ),
        ];
        let clock = Clock::new(l, today(), day("2026-11-24")).tip(say(
            l,
            "自发出起 15 个工作日",
            "15 working days from release",
        ));
        let chips = (
            Chip::new(Tone::Accent, say(l, "脱贫户", "Lifted")),
            Chip::new(Tone::Red, say(l, "严重", "Severe")).icon("bang"),
        );
        Lead { l, chips, why: (first, second), unknown, clock, known }
    }
}
