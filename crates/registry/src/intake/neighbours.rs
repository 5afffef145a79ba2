//! Sheets of one workbook that are read alike.

use super::mapping::Mapping;
use super::reading::SheetPlan;

/// Sheets of one workbook with the same headings are one list: what is known of one with many rows holds for one with few.
pub(super) fn like_their_neighbours(plans: &mut [SheetPlan]) {
    let sure: Vec<(String, Mapping)> = plans
        .iter()
        .filter_map(|plan| Some((plan.signature.clone(), plan.mapping.clone()?)))
        .filter(|(_, mapping)| mapping.is_sure())
        .collect();
    for plan in plans.iter_mut() {
        let unsure = plan.mapping.as_ref().is_some_and(|mapping| !mapping.is_sure());
        let like = sure.iter().find(|(signature, _)| unsure && *signature == plan.signature);
        if let Some((_, mapping)) = like {
            plan.mapping = Some(mapping.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::period::Said;

    fn plan(signature: &str, missing: &[&str]) -> SheetPlan {
        SheetPlan {
            index: 0,
            sheet: String::new(),
            hidden: false,
            hidden_rows: 0,
            layout: None,
            mapping: Some(Mapping {
                template: "social_assistance".into(),
                columns: Vec::new(),
                unused: Vec::new(),
                missing: missing.iter().map(|field| (*field).to_owned()).collect(),
                confidence: 90,
                remembered: false,
            }),
            signature: signature.into(),
            said: Said::default(),
            filled: true,
        }
    }

    #[test]
    fn a_sheet_of_few_rows_is_read_like_its_neighbour_with_the_same_headings() {
        let mut plans =
            [plan("0:甲|1:乙", &["kind"]), plan("0:甲|1:乙", &[]), plan("0:丙", &["kind"])];
        like_their_neighbours(&mut plans);
        let sure: Vec<bool> =
            plans.iter().map(|plan| plan.mapping.as_ref().is_some_and(Mapping::is_sure)).collect();
        assert_eq!(sure, [true, true, false]);
    }
}
