//! The one table of who may do what.

use super::*;

#[test]
fn every_permission_stands_in_the_table_once() {
    for permission in Permission::ALL {
        let lines = TABLE.iter().filter(|(known, _)| known == permission).count();
        assert_eq!(lines, 1, "{permission}");
        assert_eq!(permission.text().parse(), Ok(*permission));
    }
    assert_eq!(TABLE.len(), Permission::ALL.len());
    assert_eq!(OPENS.len(), Role::ALL.len());
}

#[test]
fn readers_change_nothing() {
    let changing = [
        P::HouseholdPropose,
        P::HouseholdConfirm,
        P::IntakeUpload,
        P::IntakeMap,
        P::IntakeAccept,
        P::IntakeRevert,
        P::IntakeMatch,
        P::LeadAnswer,
        P::LeadRelease,
        P::LeadSecondLook,
        P::LeadAnswerFor,
        P::DeclarationPlace,
        P::DeclarationReport,
        P::DeclarationEnter,
        P::DeclarationFetch,
        P::DeclarationPhone,
        P::AlarmAnswer,
        P::CheckAnswer,
        P::AssistancePlan,
        P::AssistanceDeliver,
        P::AssistanceAssign,
        P::DeliveryAnswer,
        P::QuestionAsk,
        P::QuestionAnswer,
        P::RuleRun,
        P::PolicyManage,
        P::AreaManage,
        P::VillageIncome,
        P::VillageClass,
        P::AccountManage,
    ];
    for role in [Role::Inspector, Role::Evaluator, Role::Leader] {
        for permission in changing {
            assert!(!allows(role, permission), "{role} {permission}");
        }
    }
}

#[test]
fn the_village_proposes_and_the_township_confirms() {
    assert!(allows(Role::Village, P::HouseholdPropose));
    assert!(!allows(Role::Village, P::HouseholdConfirm));
    assert!(allows(Role::Township, P::HouseholdConfirm));
    assert!(!allows(Role::Helper, P::HouseholdReveal));
}

#[test]
fn no_role_opens_assets() {
    for role in Role::ALL {
        assert!(!opens(*role).contains(&FieldClass::Asset), "{role}");
        assert!(opens(*role).contains(&FieldClass::Basic), "{role}");
    }
}

#[test]
fn the_document_shows_this_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/permissions.md");
    if std::env::var_os("SHOUWANG_WRITE_DOCS").is_some() {
        std::fs::write(path, matrix()).unwrap();
    }
    let document = std::fs::read_to_string(path).unwrap();
    assert_eq!(document, matrix(), "run the tests once with SHOUWANG_WRITE_DOCS=1");
}
