//! The chart of months: stacked bars against a line, a window shaded. Drawn on the server as SVG,
//! so that it needs no script, follows dark mode and prints.

use askama::Template;

use crate::figures::yuan;
use crate::words::L;

/// One month: its name and its blocks in the order of the legend, in fen.
#[derive(Clone, Debug)]
pub struct MonthBar {
    /// `2026-03`.
    pub month: String,
    /// Amounts of the blocks; negative ones are not drawn but stand in the tip.
    pub blocks: Vec<i64>,
    /// Inside the window that counts.
    pub counts: bool,
}

struct Drawn {
    x: f64,
    width: f64,
    rects: Vec<(usize, f64, f64)>,
    tip: String,
    label: Option<String>,
    year: Option<String>,
}

/// Months as stacked bars.
#[derive(Template)]
#[template(path = "ui/months.html")]
pub struct MonthChart {
    title: String,
    legend: Vec<String>,
    bars: Vec<Drawn>,
    grid: Vec<(f64, String)>,
    line: Option<(f64, String)>,
    window: Option<(f64, f64, String)>,
}

const LEFT: f64 = 54.0;
const WIDTH: f64 = 720.0;
const TOP: f64 = 22.0;
const HEIGHT: f64 = 168.0;

impl MonthChart {
    /// `title` for readers of the screen, `legend` the names of the blocks, `bars` the months oldest first.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn new(
        l: L,
        title: impl Into<String>,
        legend: Vec<String>,
        bars: &[MonthBar],
    ) -> MonthChart {
        let sum = |bar: &MonthBar| {
            bar.blocks.iter().map(|fen| (*fen).max(0)).fold(0, i64::saturating_add)
        };
        let top = nice(bars.iter().map(sum).max().unwrap_or(0).max(10_000));
        let height = |fen: i64| fen as f64 / top as f64 * HEIGHT;
        let step = (WIDTH - LEFT) / bars.len().max(1) as f64;
        let base = TOP + HEIGHT;
        let drawn = bars.iter().enumerate().map(|(at, bar)| {
            let x = LEFT + step * at as f64 + step * 0.16;
            let (mut y, mut rects) = (base, Vec::new());
            for (block, fen) in bar.blocks.iter().enumerate().filter(|(_, fen)| **fen > 0) {
                y -= height(*fen);
                rects.push((block % 6 + 1, y, height(*fen)));
            }
            let parts = legend.iter().zip(&bar.blocks).filter(|(_, fen)| **fen != 0);
            let parts: Vec<String> =
                parts.map(|(name, fen)| format!("{name} {}", yuan(*fen))).collect();
            let tip = format!(
                "{} · {}\n{}",
                bar.month,
                l.money(bar.blocks.iter().copied().fold(0, i64::saturating_add)),
                parts.join("\n")
            );
            let (year, month) = bar.month.split_once('-').unwrap_or(("", &bar.month));
            let every = if bars.len() > 14 { at % 3 == 0 } else { true };
            let label = every.then(|| month.trim_start_matches('0').to_owned());
            // A year that has one month left of it would run into the next one.
            let last_of_it = bars.get(at + 1).is_some_and(|next| next.month.ends_with("-01"));
            let begins = month == "01" || (at == 0 && !last_of_it);
            let year = begins.then(|| year.to_owned());
            Drawn { x, width: step * 0.68, rects, tip, label, year }
        });
        let grid = (0..=4).map(|part| {
            (
                base - HEIGHT * f64::from(part) / 4.0,
                crate::figures::grouped(top / 100 * i64::from(part) / 4),
            )
        });
        let counted: Vec<usize> =
            bars.iter().enumerate().filter(|(_, bar)| bar.counts).map(|(at, _)| at).collect();
        let window = counted.first().zip(counted.last()).map(|(first, last)| {
            (
                LEFT + step * *first as f64,
                step * (last - first + 1) as f64,
                l.t1("web-chart-window", "n", counted.len()),
            )
        });
        MonthChart {
            title: title.into(),
            bars: drawn.collect(),
            grid: grid.collect(),
            legend,
            line: None,
            window,
        }
    }

    /// A level to compare with, in fen per month, and its name. Above the chart's top it is not drawn.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn line(mut self, bars: &[MonthBar], fen: i64, name: impl Into<String>) -> MonthChart {
        let most = bars
            .iter()
            .map(|bar| bar.blocks.iter().map(|fen| (*fen).max(0)).fold(0, i64::saturating_add))
            .max();
        let top = nice(most.unwrap_or(0).max(10_000));
        if (0..=top).contains(&fen) {
            self.line = Some((TOP + HEIGHT - fen as f64 / top as f64 * HEIGHT, name.into()));
        }
        self
    }
}

/// The next round amount of fen: 1, 2, 4, 8 × a power of ten yuan, so that quarters of it are round too.
fn nice(fen: i64) -> i64 {
    let mut unit: i64 = 10_000;
    loop {
        for factor in [1, 2, 4, 8] {
            let top = unit.saturating_mul(factor);
            if top >= fen {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_stand_where_they_begin_and_never_in_each_other() {
        let years = |from: [&str; 3]| {
            let bar =
                |month: &str| MonthBar { month: month.to_owned(), blocks: vec![100], counts: true };
            let bars = from.map(bar);
            let chart = MonthChart::new(L(kernel::lang::Lang::Zh), "", vec!["a1".into()], &bars);
            chart.bars.into_iter().map(|bar| bar.year.unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(years(["2024-12", "2025-01", "2025-02"]), ["", "2025", ""]);
        assert_eq!(years(["2024-11", "2024-12", "2025-01"]), ["2024", "", "2025"]);
        assert_eq!(years(["2025-03", "2025-04", "2025-05"]), ["2025", "", ""]);
    }

    #[test]
    fn the_top_is_round_and_holds_every_bar() {
        for fen in [1, 10_000, 10_001, 123_456, 999_999, 80_000_000, 80_000_001] {
            assert!(nice(fen) >= fen && nice(fen) < fen.max(10_000) * 3, "{fen}");
        }
    }
}
