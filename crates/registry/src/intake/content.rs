//! What the cells of a column look like, whatever stands above them.

use kernel::cells::{Unit, is_empty, read_amount, read_day};
use sheets::{Cell, Row};

use super::evidence::AsRead;
use super::matching::Shown;
use super::template::{FieldType, TemplateColumn};

/// How many cells say something, and how many of those could be of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fit {
    /// Cells with something in them.
    pub filled: usize,
    /// Those that could be of the kind.
    pub fitting: usize,
    /// Those that can hardly be anything else.
    pub telling: usize,
}

impl Fit {
    /// Could be, in per cent; 100 where nothing can be judged by.
    pub fn share(self) -> usize {
        (self.fitting * 100).checked_div(self.filled).unwrap_or(100)
    }

    /// Hardly anything else, in per cent.
    pub fn tells(self) -> usize {
        (self.telling * 100).checked_div(self.filled).unwrap_or(0)
    }
}

/// The cells of one of their columns judged as one of ours; `None` = any cell can be of its kind.
pub fn fit(ours: &TemplateColumn, column: usize, rows: &[Row]) -> Option<Fit> {
    let kind = ours.kind;
    let mut found = Fit::default();
    for cell in rows.iter().map(|row| row.cell(column)) {
        let written = cell.shown();
        let shown = sheets::squeeze(&written);
        if cell.is_blank() || is_empty(&shown) || is_left_open(&shown) {
            continue;
        }
        if !ours.values.is_empty() {
            let known = ours.values.iter().any(|value| shown == sheets::squeeze(value));
            found.filled += 1;
            // words nobody has listed may stand there too
            found.fitting += 1;
            found.telling += usize::from(known);
            continue;
        }
        let fits = fits(kind, cell, &written)?;
        found.filled += 1;
        found.fitting += usize::from(fits);
        found.telling += usize::from(fits && tells(kind, cell, &shown));
    }
    Some(found)
}

/// Words for "we do not have it".
fn is_left_open(shown: &str) -> bool {
    matches!(
        shown,
        "不详" | "待补" | "未知" | "待核" | "待查" | "暂无" | "缺" | "不清" | "未提供" | "待定"
    )
}

fn fits(kind: FieldType, cell: &Cell, written: &str) -> Option<bool> {
    let shown = &*sheets::squeeze(written);
    let digits = shown.chars().filter(char::is_ascii_digit).count();
    let all = shown.chars().count();
    let signs = shown.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').count();
    Some(match kind {
        FieldType::Id => {
            (digits >= 10 && (15..=22).contains(&signs))
                || shown.contains("e+1")
                || (digits >= 6 && shown.contains("**"))
        }
        FieldType::Certificate => {
            (digits >= 10 && (18..=24).contains(&signs)) || shown.contains("e+1")
        }
        FieldType::RollNumber => {
            shown.starts_with(|c: char| c.is_ascii_alphabetic()) && (14..=19).contains(&digits)
        }
        FieldType::Phone => {
            (7..=13).contains(&digits)
                && digits + 4 >= all
                && digits != 8
                && shown.starts_with(['1', '0', '+', '8', '('])
        }
        FieldType::Date | FieldType::Birth => match cell {
            Cell::Serial(_) => true,
            _ => matches!(read_day(written), Ok(Some(_))) || is_month(shown),
        },
        FieldType::Amount | FieldType::Int | FieldType::Hundredths => {
            matches!(cell, Cell::Number(_))
                || read_amount(shown, Unit::Yuan).is_ok()
                || (digits > 0 && digits * 2 >= all)
        }
        FieldType::Name | FieldType::Guardian => digits == 0 && all <= 20,
        FieldType::Sex => kernel::idnumber::Sex::read(shown).is_some(),
        FieldType::Town | FieldType::Village | FieldType::Address => digits < all,
        _ => return None,
    })
}

fn is_month(shown: &str) -> bool {
    shown.len() < 16 && matches!(kernel::cells::read_month(shown), Ok(Some(_)))
}

/// Whether a cell that fits can hardly hold anything else.
fn tells(kind: FieldType, cell: &Cell, shown: &str) -> bool {
    let ends = |words: &[&str]| words.iter().any(|word| shown.ends_with(word));
    let length = shown.chars().count();
    match kind {
        FieldType::Id => {
            let read = match cell {
                Cell::Number(number) => AsRead::Number(*number),
                _ => AsRead::Text(shown.to_owned()),
            };
            matches!(super::matching::shown(&read), Shown::Whole { .. })
        }
        FieldType::RollNumber | FieldType::Sex => true,
        FieldType::Certificate => (20..=22).contains(&length),
        FieldType::Phone => {
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            digits.len() == 11 && digits.starts_with('1')
        }
        FieldType::Date | FieldType::Birth => true,
        FieldType::Name => is_usual_name(&super::matching::normal(shown)),
        FieldType::Town => length <= 12 && ends(&["乡", "镇", "街道"]),
        FieldType::Village => length <= 14 && ends(&["村", "社区", "居委会", "村委会"]),
        FieldType::Address => {
            length >= 7
                && shown.contains(['村', '社', '区'])
                && shown.contains(['乡', '镇', '县', '组', '号'])
        }
        _ => false,
    }
}

/// Two to four characters behind one of the hundred and more surnames that nearly everybody bears.
fn is_usual_name(normal: &str) -> bool {
    const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋\
        蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔\
        贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟\
        卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵欧阳解强柴华车冉房边辜吉";
    (2..=4).contains(&normal.chars().count())
        && normal.chars().next().is_some_and(|first| SURNAMES.contains(first))
        && !normal
            .ends_with(['村', '镇', '乡', '县', '市', '区', '省', '校', '院', '局', '司', '行'])
}
