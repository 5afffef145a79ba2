//! The statistical code list as a file: `code,name,official_name,level,parent_code,village_type,former_names,lon,lat`.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::finding::{Finding, Place, Severity};
use sheets::{Book, Cell, Limits};

use super::model::AreaRow;

const HEADINGS: [&str; 9] = [
    "code",
    "name",
    "official_name",
    "level",
    "parent_code",
    "village_type",
    "former_names",
    "lon",
    "lat",
];
/// Without these nothing can be taken in.
const NEEDED: usize = 4;

/// The rows of a code list, and what is wrong with it. Several former names stand in one cell with `;`, `、` or `|`.
///
/// # Errors
/// A refusal when the file is no table or lacks the columns code, name, official_name, level.
pub fn read(bytes: Vec<u8>, file: &str) -> Result<(Vec<AreaRow>, Vec<Finding>)> {
    let unreadable = |why: sheets::SheetError| {
        let refusal =
            Refusal::invalid("areas.unreadable").arg("file", file).arg("reason", why.code());
        kernel::error::Error::from(refusal)
    };
    let mut book = Book::from_bytes(bytes, &Limits::default()).map_err(unreadable)?;
    let mut columns: Option<[Option<usize>; 9]> = None;
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for row in book.rows(0).map_err(unreadable)? {
        let row = row.map_err(unreadable)?;
        let Some(columns) = &columns else {
            let place = |heading: &&str| {
                (0..row.cells.len()).find(|column| row.cell(*column).shown().trim() == *heading)
            };
            let found = HEADINGS.each_ref().map(place);
            if found.iter().take(NEEDED).all(Option::is_some) {
                columns = Some(found);
            }
            continue;
        };
        if row.is_blank() {
            continue;
        }
        let cells = columns
            .map(|column| column.map(|column| text_of(row.cell(column))).unwrap_or_default());
        match typed(&cells) {
            Ok(area) => rows.push(area),
            Err((column, code)) => findings.push(
                Finding::new(code, Severity::Error)
                    .at(Place::file(file).row(row.number).column(column))
                    .arg(
                        "text",
                        cells
                            .get(usize::try_from(column).unwrap_or(1) - 1)
                            .map_or("", String::as_str),
                    ),
            ),
        }
    }
    if columns.is_none() {
        return Err(Refusal::invalid("areas.no_headings").arg("file", file).into());
    }
    Ok((rows, findings))
}

fn text_of(cell: &Cell) -> String {
    cell.shown().trim().to_owned()
}

/// A typed row, or the column (from 1) and code of what is wrong.
fn typed(cells: &[String; 9]) -> std::result::Result<AreaRow, (u32, &'static str)> {
    let [code, name, official, level, parent, class, former, lon, lat] = cells;
    let code: AreaCode = code.parse().map_err(|_| (1, "areas.not_a_code"))?;
    if name.is_empty() {
        return Err((2, "areas.no_name"));
    }
    let level: AreaLevel = level.parse().map_err(|_| (4, "areas.not_a_level"))?;
    if level != code.level() {
        return Err((4, "areas.level_differs"));
    }
    let parent = match parent.as_str() {
        "" => None,
        text => Some(text.parse::<AreaCode>().map_err(|_| (5, "areas.not_a_code"))?),
    };
    if parent.is_some_and(|parent| !parent.contains(code) || parent == code) {
        return Err((5, "areas.parent_differs"));
    }
    let number = |text: &str, column| match text {
        "" => Ok(None),
        text => text.parse::<f64>().map(Some).map_err(|_| (column, "areas.not_a_coordinate")),
    };
    let point = number(lon, 8)?.zip(number(lat, 9)?);
    Ok(AreaRow {
        code,
        name: name.clone(),
        official_name: if official.is_empty() { name.clone() } else { official.clone() },
        level,
        parent,
        class: (!class.is_empty()).then(|| class.clone()),
        former_names: former
            .split([';', '；', '、', '|'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        point,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "code,name,official_name,level,parent_code,village_type,former_names,lon,lat\n";

    #[test]
    fn good_rows_go_on_and_bad_ones_say_where() {
        let text = format!(
            "{HEAD}140430100000,定昌镇,定昌镇,town,140430000000,,,,\n\
             14043010,坏,坏,village,140430100000,,,,\n\
             140430100216,红坡村,红坡村委会,village,140430100000,脱贫村,红家坪村;红旗村,112.5309,36.8755\n\
             140430100217,错,错,town,140430100000,,,,\n"
        );
        let (rows, findings) = read(text.into_bytes(), "areas.csv").unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].former_names, ["红家坪村", "红旗村"]);
        assert_eq!(rows[1].point, Some((112.5309, 36.8755)));
        let places: Vec<_> = findings.iter().map(|f| (f.code.as_ref(), f.place.cell())).collect();
        assert_eq!(
            places,
            [("areas.not_a_code", "A3".to_owned()), ("areas.level_differs", "D5".to_owned())]
        );
    }

    #[test]
    fn a_file_without_the_headings_is_refused() {
        assert!(read(b"a,b\n1,2\n".to_vec(), "x.csv").is_err());
    }
}
