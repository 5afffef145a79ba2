//! The texts of the templates that ship with the program.

/// The templates that ship with the program: name and text.
pub(super) const SHIPPED: &[(&str, &str)] = &[
    (
        "register_households",
        include_str!("../../../../packs/common/templates/register_households.toml"),
    ),
    ("register_persons", include_str!("../../../../packs/common/templates/register_persons.toml")),
    ("old_register", include_str!("../../../../packs/common/templates/old_register.toml")),
    ("income", include_str!("../../../../packs/common/templates/income.toml")),
    ("medical_stays", include_str!("../../../../packs/common/templates/medical_stays.toml")),
    ("school_roll", include_str!("../../../../packs/common/templates/school_roll.toml")),
    ("dropout_suspects", include_str!("../../../../packs/common/templates/dropout_suspects.toml")),
    (
        "social_assistance",
        include_str!("../../../../packs/common/templates/social_assistance.toml"),
    ),
    (
        "disability_certificates",
        include_str!("../../../../packs/common/templates/disability_certificates.toml"),
    ),
    ("house_grades", include_str!("../../../../packs/common/templates/house_grades.toml")),
    ("water_outages", include_str!("../../../../packs/common/templates/water_outages.toml")),
    ("job_events", include_str!("../../../../packs/common/templates/job_events.toml")),
    ("disaster_losses", include_str!("../../../../packs/common/templates/disaster_losses.toml")),
    ("loans", include_str!("../../../../packs/common/templates/loans.toml")),
    ("deaths", include_str!("../../../../packs/common/templates/deaths.toml")),
    ("hukou_moves", include_str!("../../../../packs/common/templates/hukou_moves.toml")),
    ("vehicles", include_str!("../../../../packs/common/templates/vehicles.toml")),
    ("complaints", include_str!("../../../../packs/common/templates/complaints.toml")),
];

/// What headings of any list mean.
pub(super) const HEADINGS: &str = include_str!("../../../../packs/common/templates/headings.toml");
