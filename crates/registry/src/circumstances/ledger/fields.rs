//! In which cells of a row the value of a column stands: what is highlighted where the row of a file is shown.

/// Columns of the register, of both its sheets.
const REGISTER: &[(&[&str], &[&str])] = &[
    (&["hh_type"], &["household_type"]),
    (&["monitor_type", "monitored"], &["monitor_type", "risk_removed"]),
    (&["risk_removed"], &["risk_removed"]),
    (&["identified_on"], &["identified_on"]),
    (&["removed_on"], &["removed_on"]),
    (&["removal_way"], &["removal_way"]),
    (&["no_labour_marked"], &["no_labour"]),
    (
        &[
            "risk_illness",
            "risk_disability",
            "risk_schooling",
            "risk_disaster",
            "risk_labour",
            "risk_unstable_work",
        ],
        &["risks"],
    ),
    (&["dibao"], &["dibao", "relief"]),
    (&["tekun"], &["tekun", "relief"]),
    (&["house_grade"], &["house_grade"]),
    (&["water_safe"], &["water_safe"]),
    (&["relocated"], &["relocated"]),
    (&["persons_registered"], &["size", "name"]),
    (&["persons"], &["name"]),
    (&["labour", "labour_weak"], &["labour"]),
    (&["workers", "migrants"], &["work_months", "work_place"]),
    (&["work_without_place"], &["work_months", "work_place"]),
    (&["unable_workers"], &["labour", "work_months"]),
    (&["able_as_unable"], &["labour", "birth_day"]),
    (&["elders", "elders_80", "children_under_16"], &["birth_day"]),
    (&["school_age", "school_age_out"], &["birth_day", "school_state"]),
    (&["working_pupils"], &["school_state", "work_months"]),
    (&["educated_pupils"], &["school_state", "education"]),
    (&["left_behind"], &["birth_day"]),
    (&["severe_ill", "chronic"], &["health"]),
    (&["disabled", "disabled_severe"], &["disability_category", "disability_level"]),
    (&["uninsured", "both_insured"], &["resident_insurance", "employee_insurance"]),
    (&["insured_without_major"], &["major_insurance"]),
    (&["heads", "spouses", "couple_same_sex"], &["kin"]),
    (&["ids_wrong", "ids_twice"], &["id"]),
    (&["births_differ"], &["birth_day", "id"]),
    (&["sexes_differ"], &["sex", "id"]),
];

/// Columns of the lists of offices; no column names what the whole list is about.
const LISTS: &[(&str, &[&str], &[&str])] = &[
    ("medical_stays", &["hospital_total_12m"], &["total_fen"]),
    ("medical_stays", &[], &["out_of_pocket_fen"]),
    ("school_roll", &["edu_cost", "students_paying"], &["own_cost_fen"]),
    ("school_roll", &[], &["state"]),
    ("dropout_suspects", &[], &["state"]),
    ("social_assistance", &["temp_relief_12m"], &["amount_fen"]),
    ("social_assistance", &[], &["kind"]),
    ("disability_certificates", &[], &["level"]),
    ("house_grades", &[], &["grade"]),
    ("water_outages", &[], &["out_on", "restored_on"]),
    ("job_events", &["unpaid_wages"], &["unpaid_fen"]),
    ("job_events", &[], &["change", "happened_on"]),
    ("loans", &["loan_overdue"], &["overdue_fen"]),
    ("loans", &["loan_overdue_days"], &["overdue_days"]),
    ("loans", &[], &["balance_fen"]),
    ("deaths", &[], &["died_on"]),
    ("hukou_moves", &[], &["direction", "moved_on"]),
    ("vehicles", &["vehicle_max_value"], &["price_fen"]),
    ("vehicles", &[], &["plate"]),
    ("complaints", &[], &["text"]),
    ("disaster_losses", &["disaster_count"], &["kind", "happened_on"]),
    ("disaster_losses", &[], &["loss_fen"]),
    ("old_register", &["old_exit_year"], &["exit_year"]),
    ("old_register", &[], &["causes", "registered_year"]),
    ("income", &[], &["amount_fen"]),
];

/// The fields of a list in which the value of a column stands; empty when no single cell says it.
#[must_use]
pub fn fields_of(list: &str, column: &str) -> &'static [&'static str] {
    if list == "register" {
        let known = REGISTER.iter().find(|(columns, _)| columns.contains(&column));
        return known.map_or(&[], |(_, fields)| fields);
    }
    let of_list = |(name, columns, _): &&(&str, &[&str], &[&str])| {
        *name == list && (columns.is_empty() || columns.contains(&column))
    };
    LISTS.iter().find(of_list).map_or(&[], |(_, _, fields)| fields)
}
