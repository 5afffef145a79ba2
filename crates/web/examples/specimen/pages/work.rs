//! The body of the specimen `work`.

use super::*;

#[derive(Template)]
#[template(path = "work.html")]
pub struct Work {
    stats: ui::Stats,
    columns: Columns,
    rows: Vec<Task>,
    pager: ui::Pager,
    words: (String, String),
}

impl Work {
    pub fn new(l: L) -> Work {
        let stats = ui::Stats(vec![
            Stat::new("3", say(l, "今天到期", "Due today"))
                .tone(Tone::Amber, "clock")
                .href("?due=today"),
            Stat::new("1", say(l, "已超期", "Overdue")).tone(Tone::Red, "bang").href("?due=over"),
            Stat::new("12", say(l, "新来的", "New")).href("?new=1"),
            Stat::new("7", say(l, "等别人办", "Waiting for others")).href("?waiting=1"),
        ]);
        let address = Address::new("/work", "sort=due");
        let words = people(
            l,
            &[
                ("事项", "What"),
                ("户主", "Household"),
                ("地方", "Where"),
                ("期限", "Due"),
                ("", ""),
            ],
        );
        let columns = Columns::new(
            &address,
            words
                .into_iter()
                .enumerate()
                .map(
                    |(at, word)| {
                        if at == 3 { Column::sorted("due", word) } else { Column::new(word) }
                    },
                )
                .collect(),
        );
        let rows = [
            (
                ("医疗支出负担重", "Heavy medical cost"),
                ("自付 38,620 元，占收入 65.2%", "38,620 yuan out of pocket, 65.2% of income"),
                ("张国强", "Zhang Guoqiang"),
                ("泉秀村", "Quanxiu"),
                "2026-11-21",
            ),
            (
                ("疑似辍学", "Possible dropout"),
                ("教育局 10 月名单里没有学籍", "No school roll in October"),
                ("李秀兰", "Li Xiulan"),
                ("水溪村", "Shuixi"),
                "2026-11-22",
            ),
            (
                ("收入骤减", "Sudden loss of income"),
                ("务工收入比去年同期少 61%", "Wages 61% below the year before"),
                ("欧阳建国", "Ouyang Jianguo"),
                ("小园村", "Xiaoyuan"),
                "2026-11-24",
            ),
            (
                ("饮水中断", "Water outage"),
                ("停水 12 天，涉及 63 户", "12 days, 63 households"),
                ("—", "—"),
                ("关面村", "Guanmian village"),
                "2026-11-26",
            ),
            (
                ("未参加医保", "No medical insurance"),
                ("2027 年度 3 人未缴费", "3 persons unpaid for 2027"),
                ("阿卜杜热西提·买买提明", "Abdureshit Memtimin"),
                ("长征场村", "Changzheng"),
                "2026-12-10",
            ),
        ];
        let rows = rows.map(|(what, why, who, at, due)| Task {
            what: say(l, what.0, what.1),
            why: say(l, why.0, why.1),
            who: say(l, who.0, who.1),
            place: say(l, at.0, at.1),
            clock: Clock::new(l, today(), day(due)).tip(say(
                l,
                "自发出起 15 个工作日",
                "15 working days from release",
            )),
            act: say(l, "去核实", "Answer"),
        });
        let pager = ui::Pager::new(l, &address, 5, Some("x".to_owned()), Some(23));
        Work {
            stats,
            columns,
            rows: rows.into(),
            pager,
            words: (say(l, "户主", "Household"), say(l, "地方", "Where")),
        }
    }
}
