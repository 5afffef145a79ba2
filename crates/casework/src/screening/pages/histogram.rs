//! The histogram around a threshold, drawn on the server, with its table.

use facts::{Kind, Params, Scalar, Unit, shown};
use web::L;

use super::super::what_if::{Bar, Bars};

/// One bar: what it is about, its blocks from below.
pub struct Drawn {
    /// Left edge.
    pub x: f64,
    /// Width.
    pub width: f64,
    /// Class, upper edge, height.
    pub rects: Vec<(&'static str, f64, f64)>,
    /// What the pointer reads.
    pub tip: String,
    /// It is higher than drawn.
    pub cut: bool,
}

/// A line at a threshold: place, words, whether it is the one that is tried.
pub struct Threshold {
    /// Where.
    pub x: f64,
    /// Its value.
    pub label: String,
    /// Height of the words.
    pub y: f64,
    /// It is the one that is tried.
    pub tried: bool,
    /// Which end of the words stands at the line.
    pub anchor: &'static str,
}

/// The picture and the same as a table.
pub struct Histogram {
    /// What is counted.
    pub title: String,
    /// Names of the blocks with their classes.
    pub legend: Vec<(&'static str, String)>,
    /// The bars.
    pub bars: Vec<Drawn>,
    /// Heights with their numbers.
    pub grid: Vec<(f64, String)>,
    /// Values below the bars.
    pub ticks: Vec<(f64, String)>,
    /// The thresholds.
    pub lines: Vec<Threshold>,
    /// Range, rows, unchanged, in, out.
    pub table: Vec<(String, String, String, String, String)>,
    /// What is not drawn: rows whose amount is not known, bars that are higher.
    pub remarks: Vec<String>,
}

const LEFT: f64 = 54.0;
const WIDTH: f64 = 720.0;
const TOP: f64 = 34.0;
const HEIGHT: f64 = 160.0;

impl Histogram {
    /// Draws the bars; those at both ends hold all that lies beyond.
    #[allow(clippy::cast_precision_loss)]
    pub fn new(l: L, bars: &Bars, params: &Params) -> Histogram {
        let scale = Scale { l, bars };
        let all: Vec<(String, Bar)> = scale.labelled();
        let most = top(&all);
        let step = (WIDTH - LEFT) / all.len().max(1) as f64;
        let height = |rows: i64| rows as f64 / most as f64 * HEIGHT;
        let cut = |bar: &Bar| bar.rows > most;
        let base = TOP + HEIGHT;
        let words = [
            "screening-what-if-unchanged",
            "screening-what-if-came-in",
            "screening-what-if-dropped-out",
            "screening-what-if-no-hit",
        ]
        .map(|id| l.t(id));
        let classes = ["b1", "b2", "b3", "sw-rest"];
        let drawn = all.iter().enumerate().map(|(at, (label, bar))| {
            let rest = bar.rows - bar.unchanged - bar.came_in - bar.dropped_out;
            let parts = [bar.unchanged, bar.came_in, bar.dropped_out, rest];
            let mut y = base;
            let mut rects = Vec::new();
            for (class, rows) in classes.iter().zip(parts).filter(|(_, rows)| *rows > 0) {
                let high = height(rows).min(y - TOP);
                y -= high;
                rects.push((*class, y, high));
            }
            let named = words.iter().zip(parts).filter(|(_, rows)| *rows > 0);
            let named: Vec<String> =
                named.map(|(word, rows)| format!("{word} {}", l.count(rows))).collect();
            let tip = format!("{label} · {}\n{}", l.count(bar.rows), named.join("\n"));
            let x = LEFT + step * at as f64 + step * 0.08;
            Drawn { x, width: step * 0.84, rects, tip, cut: cut(bar) }
        });
        // the first bar is what lies below, so the scale begins one step in
        let place = |value: f64| LEFT + step * (1.0 + (value - bars.low) / bars.width);
        let last = bars.low + bars.width * bars.bars.len() as f64;
        let inside = |value: &f64| *value >= bars.low - 1e-9 && *value <= last + 1e-9;
        let every = (bars.bars.len() / 6).max(1);
        let edges =
            (0..=bars.bars.len()).step_by(every).map(|at| bars.low + bars.width * at as f64);
        let both = bars.before != bars.after;
        let threshold = |value: f64, tried: bool| {
            let x = place(value);
            let id =
                if tried { "screening-what-if-line-tried" } else { "screening-what-if-line-today" };
            let y = if tried { 13.0 } else { 28.0 };
            let anchor = if x > 480.0 { "end" } else { "start" };
            Threshold { x, label: l.t1(id, "value", scale.with_unit(value)), y, tried, anchor }
        };
        let today = bars.before.filter(inside).map(|value| threshold(value, false));
        let tried =
            bars.after.filter(|value| both && inside(value)).map(|value| threshold(value, true));
        let row = |(label, bar): &(String, Bar)| {
            let numbers = [bar.rows, bar.unchanged, bar.came_in, bar.dropped_out];
            let [rows, unchanged, came_in, dropped_out] = numbers.map(|number| l.count(number));
            (label.clone(), rows, unchanged, came_in, dropped_out)
        };
        let unknown = (bars.unknown > 0)
            .then(|| l.t1("screening-what-if-amount-unknown", "n", l.count(bars.unknown)));
        let higher = all.iter().any(|(_, bar)| cut(bar)).then(|| l.t("screening-what-if-cut"));
        let unit = bars.comparison.unit.title().get(l.0);
        let amount = bars.comparison.title(params, l.0);
        Histogram {
            title: l.t_args(
                "screening-what-if-histogram",
                &[
                    ("what", amount.into()),
                    ("unit", if unit.is_empty() { "none" } else { unit }.into()),
                ],
            ),
            legend: classes.into_iter().zip(words.clone()).collect(),
            bars: drawn.collect(),
            grid: (0..=2)
                .map(|part| {
                    (base - HEIGHT * f64::from(part) / 2.0, l.count(most * i64::from(part) / 2))
                })
                .collect(),
            ticks: edges.map(|value| (place(value), scale.plain(value))).collect(),
            lines: today.into_iter().chain(tried).collect(),
            table: all.iter().map(row).collect(),
            remarks: unknown.into_iter().chain(higher).collect(),
        }
    }
}

/// How many rows the height of the picture is. Many have nothing at all (no bill, no loan): a bar that would press those
/// with hits flat is cut off.
fn top(all: &[(String, Bar)]) -> i64 {
    let hits = |bar: &Bar| bar.unchanged + bar.came_in + bar.dropped_out;
    let rows = |hit: bool| {
        let some = all.iter().map(|(_, bar)| bar).filter(|bar| !hit || hits(bar) > 0);
        some.map(|bar| bar.rows).max().unwrap_or(0)
    };
    let most = rows(false).max(4);
    match rows(true) * 5 {
        0 => most,
        five_times => most.min(five_times).max(4),
    }
}

struct Scale<'a> {
    l: L,
    bars: &'a Bars,
}

impl Scale<'_> {
    fn money(&self) -> bool {
        self.bars.comparison.unit.is_money()
    }

    /// A stored amount as people read it, without its unit.
    fn plain(&self, value: f64) -> String {
        let value = if self.money() { value / 100.0 } else { value };
        let rounded = (value * 1000.0).round() / 1000.0;
        shown(&Scalar::Real(rounded), Kind::Real, Unit::None, self.l.0)
    }

    fn with_unit(&self, value: f64) -> String {
        let unit = self.bars.comparison.unit;
        match unit {
            Unit::None => self.plain(value),
            Unit::Percent => format!("{}%", self.plain(value)),
            unit => format!("{} {}", self.plain(value), unit.title().get(self.l.0)),
        }
    }

    /// All bars with the range of each: what lies below first, what lies above last.
    #[allow(clippy::cast_precision_loss)]
    fn labelled(&self) -> Vec<(String, Bar)> {
        let (l, bars) = (self.l, self.bars);
        let above = bars.comparison.parts_above();
        let edge = |at: usize| bars.low + bars.width * at as f64;
        let beyond = |id: &str, value: f64| l.t1(id, "value", self.plain(value));
        let (under, over) = match above {
            true => ("screening-what-if-at-most", "screening-what-if-above"),
            false => ("screening-what-if-below", "screening-what-if-at-least"),
        };
        let range = |at: usize| {
            let (low, high) = (edge(at), edge(at + 1));
            if !bars.comparison.whole {
                return format!("{} – {}", self.plain(low), self.plain(high));
            }
            let (first, last) = if above { (low + 1.0, high) } else { (low, high - 1.0) };
            match first == last {
                true => self.plain(first),
                false => format!("{} – {}", self.plain(first), self.plain(last)),
            }
        };
        let mut all = vec![(beyond(under, bars.low), bars.below)];
        all.extend(bars.bars.iter().enumerate().map(|(at, bar)| (range(at), *bar)));
        all.push((beyond(over, edge(bars.bars.len())), bars.above));
        all
    }
}
