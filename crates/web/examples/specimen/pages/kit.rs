//! The body of the specimen `kit`.

use super::*;

#[derive(Template)]
#[template(path = "kit.html")]
pub struct Kit {
    l: L,
    tabs: ui::Tabs,
    clocks: Vec<Clock>,
    chips: Vec<Chip>,
    sources: Vec<Source>,
    errors: ui::Errors,
    fields: Vec<Field>,
    empty: ui::Empty,
    columns: Columns,
    bones: ui::Bones,
    progress: ui::Progress,
}

impl Kit {
    pub fn new(l: L) -> Kit {
        let tab = |zh: &str, en: &str, count: Option<&str>, current| ui::Tab {
            href: "#".to_owned(),
            label: say(l, zh, en),
            count: count.map(str::to_owned),
            current,
        };
        let refusal = Refusal::invalid("kind.invalid")
            .field("day", "web.not_a_day")
            .field("who", "web.required");
        let typed = Fields::default().with("day", "三月五号").with("kin", "son");
        let choice = |value: &str, zh: &str, en: &str| ui::Choice::new(value, say(l, zh, en));
        let fields = vec![
            Field::text("day", say(l, "日期", "Day")).help(say(
                l,
                "事情发生的那一天",
                "When it happened",
            )),
            Field::text("who", say(l, "姓名", "Name")),
            Field::select(
                "kin",
                say(l, "与户主关系", "Kin"),
                vec![choice("wife", "妻", "Wife"), choice("son", "子", "Son")],
            ),
            Field::radio(
                "how",
                say(l, "怎么知道的", "How known"),
                vec![
                    choice("seen", "当面看到", "Seen").help(say(l, "上门", "At a visit")),
                    choice("told", "听说", "Told"),
                ],
            ),
            Field::area("note", say(l, "说明", "Note")),
        ];
        let fields: Vec<Field> =
            fields.into_iter().map(|field| field.filled(l, &typed, Some(&refusal))).collect();
        let address = Address::new("/kit", "sort=-name");
        let columns = Columns::new(
            &address,
            vec![
                Column::sorted("name", say(l, "姓名", "Name")),
                Column::sorted("due", say(l, "期限", "Due")),
                Column::new(say(l, "金额", "Amount")).number(),
            ],
        );
        Kit {
            l,
            tabs: ui::Tabs(vec![
                tab("全部", "All", Some("50,090"), true),
                tab("监测户", "Monitored", Some("812"), false),
                tab("脱贫户", "Lifted", None, false),
            ]),
            clocks: ["2026-12-01", "2026-11-24", "2026-11-22", "2026-11-21"]
                .map(|due| Clock::new(l, today(), day(due)))
                .into(),
            chips: [Tone::Green, Tone::Amber, Tone::Red, Tone::Grey, Tone::Accent]
                .map(|tone| Chip::new(tone, say(l, "状态", "Status")).icon("info"))
                .into(),
            sources: vec![hospital(l), hospital(l).old()],
            errors: ui::Errors::new(l, Some(&refusal)).labelled(l, &fields),
            fields,
            empty: ui::Empty::new(
                say(l, "还没有名单", "No lists yet"),
                say(
                    l,
                    "部门的名单导入后会出现在这里。",
                    "The departments' lists appear here once they are imported.",
                ),
            )
            .action(say(l, "导入名单", "Import a list"), "#"),
            columns,
            bones: ui::Bones { rows: 3, columns: 3 },
            progress: ui::Progress {
                done: 3,
                of: 10,
                label: say(l, "正在筛查", "Screening"),
                detail: "30%".to_owned(),
            },
        }
    }
}
