//! The body of the specimen `intake`.

use super::*;

#[derive(Template)]
#[template(path = "intake.html")]
pub struct Intake {
    l: L,
    note: ui::Note,
    split: ui::Split,
    columns: Columns,
    mapping: Vec<(String, String, String, Chip)>,
    heads: Columns,
    findings: Vec<(&'static str, String, String, Chip)>,
    pager: ui::Pager,
    progress: ui::Progress,
}

impl Intake {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> Intake {
        let part = |tone, size: i64, zh: &str, en: &str| ui::SplitPart {
            tone,
            size,
            number: l.count(size),
            label: say(l, zh, en),
            href: "#".to_owned(),
        };
        let split = ui::Split(vec![
            part(Tone::Accent, 97_412, "已对上人", "Taken"),
            part(Tone::Amber, 213, "待确认", "Asked"),
            part(Tone::Red, 187, "有错，待改", "Rejected"),
            part(Tone::Grey, 2_104, "不在本县", "Not in this county"),
            part(Tone::Grey, 84, "重复", "Duplicates"),
        ]);
        let address = Address::new("/intake/1", "");
        let heads = |words: &[(&str, &str)]| {
            Columns::new(&address, people(l, words).into_iter().map(Column::new).collect())
        };
        let sure = || Chip::new(Tone::Green, say(l, "确定", "Certain")).icon("check");
        let mapping = vec![
            (
                "患者姓名".to_owned(),
                say(l, "姓名", "Name"),
                "张国强、李秀兰、欧阳建国".to_owned(),
                sure(),
            ),
            (
                "证件号码".to_owned(),
                say(l, "证件号码", "Identity number"),
                "5002**********1234".to_owned(),
                sure(),
            ),
            (
                "个人自付（万元）".to_owned(),
                say(l, "自付金额，万元", "Out-of-pocket, 10,000 yuan"),
                "1.893, 0.42, 0.087".to_owned(),
                Chip::new(Tone::Accent, say(l, "上次改过", "Remembered")).icon("history"),
            ),
            (
                "出院日期".to_owned(),
                say(l, "发生日", "Day"),
                "20261012, 2026/10/3".to_owned(),
                Chip::new(Tone::Amber, say(l, "请看一眼", "Please look")).icon("ask"),
            ),
        ];
        let finding = |cell, zh: (&str, &str), en: (&str, &str), chip| {
            let (what, todo) = if l.is_zh() { zh } else { en };
            (cell, what.to_owned(), todo.to_owned(), chip)
        };
        let findings = vec![
            finding(
                "C318",
                ("证件号码被表格软件变成了科学计数，不能还原", "把这一列设为“文本”后重新导出"),
                (
                    "The identity number became scientific notation and cannot be restored",
                    "Set the column to text and export again",
                ),
                Chip::new(Tone::Red, l.t("finding-severity-error")).icon("bang"),
            ),
            finding(
                "F2207",
                ("“一万二”不是金额", "只写数字，单位放在表头"),
                ("“一万二” is no amount", "Write digits only; the unit belongs in the heading"),
                Chip::new(Tone::Red, l.t("finding-severity-error")).icon("bang"),
            ),
            finding(
                "C4117",
                ("15 位老号码，已升为 18 位", ""),
                ("The old number of 15 digits was raised to 18", ""),
                Chip::new(Tone::Grey, l.t("finding-severity-note")),
            ),
        ];
        let note = ui::Note::new(
            Tone::Accent,
            say(l, "这是试导入。", "This is a trial."),
            say(
                l,
                "住院结算_2026-10.xlsx 里 2 行合计、1 行表头重复已跳过。",
                "Two rows of totals and one repeated heading were skipped.",
            ),
        );
        let progress = ui::Progress {
            done: 61_000,
            of: 100_000,
            label: say(l, "正在核对人员", "Finding the persons"),
            detail: say(l, "每秒 29,400 行，还要 2 秒", "29,400 rows a second, 2 s left"),
        };
        let pager = ui::Pager::new(l, &address, 3, Some("3".to_owned()), Some(400));
        let columns = heads(&[
            ("文件里的列", "Their column"),
            ("对应到", "Ours"),
            ("样例", "Samples"),
            ("把握", "Sure"),
        ]);
        let heads = heads(&[
            ("单元格", "Cell"),
            ("问题", "What is wrong"),
            ("怎么改", "What to do"),
            ("", ""),
        ]);
        Intake { l, note, split, columns, mapping, heads, findings, pager, progress }
    }
}
