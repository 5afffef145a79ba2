//! The reference of all fact columns, `docs/reference/facts.md`, made from their declarations.

use std::fmt::Write as _;

use crate::column::Column;
use crate::predicate::FUNCTIONS;
use crate::schema::Schema;

/// The page as Markdown, both languages side by side. The same schema gives the same text, so that a test can compare.
pub fn reference(schema: &Schema) -> String {
    let mut page = String::from(
        "# Facts 指标列\n\n\
         Generated from the declarations of the rooms; do not edit. 本页由程序生成，请勿手改。\n\n\
         Rules, checks and indicators read only these columns. NULL means *cannot tell*. Where a list is named, an empty \
         value means *none* once that list has been delivered for the place and window, and *cannot tell* before. Money \
         is stored in fen and written in yuan.\n\n\
         规则、核查和指标只读取这些列。空值表示“无法判断”；注明名单的列，在该名单按地区和时段送达后，空值表示“没有”，\
         送达前表示“无法判断”。金额以分存储，书写用元。\n",
    );
    for table in schema.tables() {
        let _ = write!(page, "\n## {}\n\n", table.name);
        let keys: Vec<String> =
            [table.key].iter().chain(table.belongs).map(|key| format!("`{key}`")).collect();
        let _ = write!(page, "Keys 键: {}\n\n", keys.join(", "));
        page.push_str("| column 列 | title 名称 | meaning 含义 | kind, unit 类型与单位 | list 名单 | room |\n");
        page.push_str("| --- | --- | --- | --- | --- | --- |\n");
        for column in schema.columns(table.name) {
            page.push_str(&line(column));
        }
    }
    page.push_str("\n## Functions 函数\n\n");
    for (_, form) in FUNCTIONS {
        let _ = writeln!(page, "- `{form}`");
    }
    page
}

fn line(column: &Column) -> String {
    let unit = column.unit.title();
    let unit =
        if unit.zh.is_empty() { String::new() } else { format!(", {} / {}", unit.zh, unit.en) };
    let list = column.coverage.map_or_else(String::new, |coverage| match coverage.window_months {
        0 => format!("`{}`", coverage.list),
        months => format!("`{}`, {months} months 个月", coverage.list),
    });
    format!(
        "| `{}` | {} <br> {} | {} <br> {} | {}{unit} | {list} | `{}` |\n",
        column.name,
        cell(column.title.zh),
        cell(column.title.en),
        cell(column.sentence.zh),
        cell(column.sentence.en),
        column.kind.name(),
        column.room
    )
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Coverage, Kind};

    #[test]
    fn every_column_stands_on_the_page_with_its_list_and_both_languages() {
        let column = Column::household("oop_12m", Kind::Money)
            .room("circumstances")
            .title("近12个月合规自付", "out-of-pocket | 12 months")
            .sentence("合计。", "The sum.")
            .covered(Coverage::events("nhsa", 12));
        let page = reference(&Schema::of([column]).unwrap());
        let line = "| `oop_12m` | 近12个月合规自付 <br> out-of-pocket \\| 12 months | 合计。 <br> The sum. | \
                    money, 元 / yuan | `nhsa`, 12 months 个月 | `circumstances` |";
        assert!(page.lines().any(|there| there == line), "{page}");
        assert!(page.contains("- `days_since(day)`"));
    }
}
