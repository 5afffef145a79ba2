//! What stands around the rows and holds for all of them: the unit of a column, the town of a sheet.

use kernel::cells::Unit;
use sheets::Layout;

use super::SheetPlan;

/// The unit that a heading declares.
pub(super) fn declared(heading: &str) -> Option<Unit> {
    Unit::declared_in(heading).or_else(|| {
        let bare = sheets::squeeze(heading);
        [("万元", Unit::TenThousand), ("千元", Unit::Thousand), ("亿元", Unit::HundredMillion)]
            .into_iter()
            .find(|(word, _)| bare.ends_with(word))
            .map(|(_, unit)| unit)
    })
}

/// The town after which a sheet is named, or whose government its titles name.
pub(super) fn town_of(plan: &SheetPlan, layout: &Layout) -> Option<String> {
    let is_town = |name: &str| name.ends_with(['乡', '镇']) || name.ends_with("街道");
    let sheet = sheets::squeeze(&plan.sheet);
    if is_town(&sheet) {
        return Some(sheet);
    }
    layout.titles.iter().find_map(|(_, title)| {
        let title = sheets::squeeze(title);
        let before = title.split_once("人民政府").map(|(before, _)| before)?;
        let town = before.rsplit(':').next()?;
        is_town(town).then(|| town.to_owned())
    })
}
