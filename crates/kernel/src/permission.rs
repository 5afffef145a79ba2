//! Who may do what: roles, permissions, and the one table that joins them.
//!
//! A role says *what* a person may do; the scopes of the account say *on whom* (an area, some
//! households, the rows of a list, a drawn sample). Nothing else in the program may ask for a
//! role: it asks for a permission. `docs/reference/permissions.md` shows this table and is
//! compared with it by a test.

word_list! {
    /// What kind of user an account is.
    Role, "permission.not_a_role", text:
    /// County office (农业农村局, 专班): runs the system.
    County = "county";
    /// Township station: confirms, answers, carries the lists.
    Township = "township";
    /// Village secretary, team member, grid worker.
    Village = "village";
    /// A department that gives lists and gets its own rows back.
    Department = "department";
    /// Helper of some households (帮扶责任人).
    Helper = "helper";
    /// Bank, for its borrowers.
    Bank = "bank";
    /// Inspection and discipline: reads, changes nothing, is logged.
    Inspector = "inspector";
    /// Third-party evaluator, for a drawn sample.
    Evaluator = "evaluator";
    /// Leader of a county or an area: reads and answers for it.
    Leader = "leader";
}

word_list! {
    /// A class of fields on the pages of people.
    FieldClass, "permission.not_a_field_class", text:
    /// Name, sex, age, kin, village, statuses.
    Basic = "basic";
    /// Identity numbers and phones; shown masked, revealed with a purpose.
    Identity = "identity";
    /// Health, disability, hospital bills.
    Health = "health";
    /// Income, benefits, loans.
    Money = "money";
    /// Why the county looks after a household: what other offices' lists and the register gave as reasons of a lead.
    Care = "care";
    /// Vehicles, real estate, deposits: sealed; opened by a case with a consent paper only.
    Asset = "asset";
}

word_list! {
    /// Something a person can do; the text is also the verb of the journal.
    Permission, "permission.not_a_permission", text:
    /// See households and people of one's scope.
    HouseholdSee = "household.see";
    /// See an identity number or phone in full, for a purpose that is journalled.
    HouseholdReveal = "household.reveal";
    /// Propose a change: birth, split, corrected value.
    HouseholdPropose = "household.propose";
    /// Confirm or refuse a proposed change; change directly.
    HouseholdConfirm = "household.confirm";
    /// Take households out as a workbook, masked.
    HouseholdExport = "household.export";
    /// See batches, findings and rows.
    IntakeSee = "intake.see";
    /// Upload a file and try it.
    IntakeUpload = "intake.upload";
    /// Correct the mapping of columns.
    IntakeMap = "intake.map";
    /// Accept a batch.
    IntakeAccept = "intake.accept";
    /// Revert a batch.
    IntakeRevert = "intake.revert";
    /// Decide who a row of a list is about.
    IntakeMatch = "intake.match";
    /// See leads of one's scope.
    LeadSee = "lead.see";
    /// Answer a lead, or several together.
    LeadAnswer = "lead.answer";
    /// Release the next wave of the baseline.
    LeadRelease = "lead.release";
    /// Look a second time at a "no risk" answer.
    LeadSecondLook = "lead.second_look";
    /// Take leads out as a workbook.
    LeadExport = "lead.export";
    /// Type in an answer that came on paper, for the person who gave it.
    LeadAnswerFor = "lead.answer_for";
    /// See what people declared or reported about households of one's scope.
    DeclarationSee = "declaration.see";
    /// Say whom a declaration is about, or put it aside with a reason.
    DeclarationPlace = "declaration.place";
    /// Report what was found in a village.
    DeclarationReport = "declaration.report";
    /// Enter what came by hotline, petition or media.
    DeclarationEnter = "declaration.enter";
    /// See phone and number of who declared in full, for calling back.
    DeclarationReveal = "declaration.reveal";
    /// Take in the public inbox and publish where declarations stand.
    DeclarationFetch = "declaration.fetch";
    /// Print posters for village boards.
    DeclarationPrint = "declaration.print";
    /// Say whom applicants of a township call.
    DeclarationPhone = "declaration.phone";
    /// See cases of one's scope.
    CaseSee = "case.see";
    /// Do the village's steps of a case: check, review, notice, plan.
    CaseWork = "case.work";
    /// Do the township's steps of a case: review, send back, suspend.
    CaseReview = "case.review";
    /// Do the county's steps of a case: compare, approve, announce.
    CaseApprove = "case.approve";
    /// Ask departments about a case, and answer for one's own.
    CaseCompare = "case.compare";
    /// Take lists and papers of cases out.
    CaseExport = "case.export";
    /// Take papers of cases out as documents: check sheets, notices, lists, cards, household files.
    PaperMake = "paper.make";
    /// Change how papers look in the county.
    PaperManage = "paper.manage";
    /// See the daily slip of a village: numbers without personal data.
    SlipSee = "slip.see";
    /// See alarms over areas: counts without personal data.
    AlarmSee = "alarm.see";
    /// Say what the county does about an alarm.
    AlarmAnswer = "alarm.answer";
    /// See questions about the record of households of one's scope.
    CheckSee = "check.see";
    /// Answer a question about the record.
    CheckAnswer = "check.answer";
    /// Take questions about the record out as a workbook.
    CheckExport = "check.export";
    /// See the help that households get, and their helpers.
    AssistanceSee = "assistance.see";
    /// Plan, change or end help for a household, a person or a village.
    AssistancePlan = "assistance.plan";
    /// Say with a proof that help was given, and log every time of a recurring service.
    AssistanceDeliver = "assistance.deliver";
    /// Name the helper of a household.
    AssistanceAssign = "assistance.assign";
    /// Take lists of help out.
    AssistanceExport = "assistance.export";
    /// See which lists are due, late or here, and what came of a department's lists.
    DeliverySee = "delivery.see";
    /// Answer rows that were returned as wrong.
    DeliveryAnswer = "delivery.answer";
    /// See questions to departments.
    QuestionSee = "question.see";
    /// Ask a department about a row or a lead.
    QuestionAsk = "question.ask";
    /// Answer a question for a department.
    QuestionAnswer = "question.answer";
    /// See rules, their text, tests and results.
    RuleSee = "rule.see";
    /// Run the rules.
    RuleRun = "rule.run";
    /// See parameters, code lists and packs.
    PolicySee = "policy.see";
    /// Change parameters and packs.
    PolicyManage = "policy.manage";
    /// Confirm that one's own unit has received a document.
    PolicyReceive = "policy.receive";
    /// See indicators and the rows behind their figures.
    IndicatorSee = "indicator.see";
    /// Take figures and the rows behind them out as a workbook.
    IndicatorExport = "indicator.export";
    /// See areas.
    AreaSee = "area.see";
    /// Import, merge and rename areas.
    AreaManage = "area.manage";
    /// See what villages earn together and the classes that follow.
    VillageSee = "village.see";
    /// Write down what villages earned.
    VillageIncome = "village.income";
    /// Set the class of a village by hand, with a document.
    VillageClass = "village.class";
    /// See accounts, roles and scopes.
    AccountSee = "account.see";
    /// Create, disable and reset accounts.
    AccountManage = "account.manage";
    /// Read the journal.
    JournalSee = "journal.see";
    /// See what the server is doing and how fresh its data is.
    SystemSee = "system.see";
}

serde_as_text!(Role);
serde_as_text!(FieldClass);
serde_as_text!(Permission);

use FieldClass as F;
use Permission as P;
use Role as R;

/// Everybody who signs in.
const EVERYBODY: &[Role] = Role::ALL;

/// The one table: a permission and the roles that have it. Read it across; it is the whole truth.
const TABLE: &[(Permission, &[Role])] = &[
    (
        P::HouseholdSee,
        &[
            R::County,
            R::Township,
            R::Village,
            R::Department,
            R::Helper,
            R::Bank,
            R::Inspector,
            R::Evaluator,
            R::Leader,
        ],
    ),
    (P::HouseholdReveal, &[R::County, R::Township, R::Village]),
    (P::HouseholdPropose, &[R::County, R::Township, R::Village, R::Helper]),
    (P::HouseholdConfirm, &[R::County, R::Township]),
    (P::HouseholdExport, &[R::County, R::Township]),
    (P::IntakeSee, &[R::County, R::Township, R::Department, R::Bank, R::Inspector]),
    (P::IntakeUpload, &[R::County, R::Township, R::Department, R::Bank]),
    (P::IntakeMap, &[R::County, R::Department, R::Bank]),
    (P::IntakeAccept, &[R::County]),
    (P::IntakeRevert, &[R::County]),
    (P::IntakeMatch, &[R::County, R::Township]),
    (
        P::LeadSee,
        &[
            R::County,
            R::Township,
            R::Village,
            R::Department,
            R::Helper,
            R::Bank,
            R::Inspector,
            R::Leader,
        ],
    ),
    (P::LeadAnswer, &[R::County, R::Township, R::Village, R::Department]),
    (P::LeadRelease, &[R::County]),
    (P::LeadSecondLook, &[R::County, R::Township]),
    (P::LeadExport, &[R::County, R::Township, R::Village]),
    (P::LeadAnswerFor, &[R::County, R::Township]),
    (P::DeclarationSee, &[R::County, R::Township, R::Village, R::Inspector]),
    (P::DeclarationPlace, &[R::County, R::Township]),
    (P::DeclarationReport, &[R::County, R::Township, R::Village, R::Helper]),
    (P::DeclarationEnter, &[R::County, R::Township]),
    (P::DeclarationReveal, &[R::County, R::Township, R::Village]),
    (P::DeclarationFetch, &[R::County]),
    (P::DeclarationPrint, &[R::County, R::Township, R::Village]),
    (P::DeclarationPhone, &[R::County, R::Township]),
    (P::CaseSee, &[R::County, R::Township, R::Village, R::Helper, R::Inspector, R::Leader]),
    (P::CaseWork, &[R::Township, R::Village]),
    (P::CaseReview, &[R::Township]),
    (P::CaseApprove, &[R::County]),
    (P::CaseCompare, &[R::County, R::Township, R::Department, R::Bank]),
    (P::CaseExport, &[R::County, R::Township]),
    (P::PaperMake, &[R::County, R::Township, R::Village]),
    (P::PaperManage, &[R::County]),
    (P::SlipSee, &[R::County, R::Township, R::Village, R::Leader]),
    (P::AlarmSee, &[R::County, R::Township, R::Village, R::Department, R::Inspector, R::Leader]),
    (P::AlarmAnswer, &[R::County]),
    (P::CheckSee, &[R::County, R::Township, R::Village, R::Inspector]),
    (P::CheckAnswer, &[R::County, R::Township, R::Village]),
    (P::CheckExport, &[R::County, R::Township, R::Village]),
    (
        P::AssistanceSee,
        &[R::County, R::Township, R::Village, R::Department, R::Helper, R::Inspector, R::Leader],
    ),
    (P::AssistancePlan, &[R::County, R::Township, R::Village]),
    (P::AssistanceDeliver, &[R::County, R::Township, R::Village, R::Department, R::Helper]),
    (P::AssistanceAssign, &[R::County, R::Township]),
    (P::AssistanceExport, &[R::County, R::Township]),
    (P::DeliverySee, &[R::County, R::Department, R::Bank, R::Inspector, R::Leader]),
    (P::DeliveryAnswer, &[R::Department, R::Bank]),
    (P::QuestionSee, &[R::County, R::Township, R::Village, R::Department, R::Bank, R::Inspector]),
    (P::QuestionAsk, &[R::County, R::Township, R::Village]),
    (P::QuestionAnswer, &[R::Department, R::Bank]),
    (P::RuleSee, EVERYBODY),
    (P::RuleRun, &[R::County]),
    (P::PolicySee, EVERYBODY),
    (P::PolicyManage, &[R::County]),
    (P::PolicyReceive, &[R::Township, R::Village, R::Department, R::Bank]),
    (P::IndicatorSee, &[R::County, R::Township, R::Village, R::Inspector, R::Leader]),
    (P::IndicatorExport, &[R::County, R::Township]),
    (P::AreaSee, EVERYBODY),
    (P::VillageSee, &[R::County, R::Township, R::Village, R::Department, R::Inspector, R::Leader]),
    (P::VillageIncome, &[R::County, R::Township]),
    (P::VillageClass, &[R::County]),
    (P::AreaManage, &[R::County]),
    (P::AccountSee, &[R::County, R::Township, R::Inspector]),
    (P::AccountManage, &[R::County, R::Township]),
    (P::JournalSee, &[R::County, R::Inspector]),
    (P::SystemSee, &[R::County, R::Inspector]),
];

/// Field classes that a role opens within its scope. Nobody opens assets by role.
const OPENS: &[(Role, &[FieldClass])] = &[
    (R::County, &[F::Basic, F::Identity, F::Health, F::Money, F::Care]),
    (R::Township, &[F::Basic, F::Identity, F::Health, F::Money, F::Care]),
    (R::Village, &[F::Basic, F::Identity, F::Health, F::Money, F::Care]),
    (R::Department, &[F::Basic, F::Identity, F::Care]),
    (R::Helper, &[F::Basic, F::Health, F::Money, F::Care]),
    (R::Bank, &[F::Basic, F::Identity]),
    (R::Inspector, &[F::Basic, F::Health, F::Money, F::Care]),
    (R::Evaluator, &[F::Basic, F::Health, F::Money, F::Care]),
    (R::Leader, &[F::Basic, F::Money, F::Care]),
];

/// Whether the role has the permission.
pub fn allows(role: Role, permission: Permission) -> bool {
    TABLE.iter().any(|(known, roles)| *known == permission && roles.contains(&role))
}

/// The field classes that the role opens within its scope.
pub fn opens(role: Role) -> &'static [FieldClass] {
    OPENS.iter().find(|(known, _)| *known == role).map_or(&[], |(_, classes)| classes)
}

/// Whether an account of the one role may be made by a person of the other: the county makes all, a township makes its
/// villages and helpers.
pub fn may_appoint(by: Role, appointed: Role) -> bool {
    match by {
        R::County => true,
        R::Township => matches!(appointed, R::Village | R::Helper),
        _ => false,
    }
}

/// The table as a Markdown document, for the reference.
pub fn matrix() -> String {
    let mut text = String::from(
        "# Who may do what\n\nGenerated from `kernel::permission`. A role says what; the scopes of \
         an account say on whom.\n\n",
    );
    let heads: Vec<&str> = Role::ALL.iter().map(|role| role.text()).collect();
    text.push_str(&format!("| permission | {} |\n", heads.join(" | ")));
    text.push_str(&format!("| --- |{}\n", " --- |".repeat(heads.len())));
    let mark = |yes: bool| if yes { "yes" } else { "–" };
    for permission in Permission::ALL {
        let cells: Vec<&str> =
            Role::ALL.iter().map(|role| mark(allows(*role, *permission))).collect();
        text.push_str(&format!("| `{permission}` | {} |\n", cells.join(" | ")));
    }
    for class in FieldClass::ALL {
        let cells: Vec<&str> =
            Role::ALL.iter().map(|role| mark(opens(*role).contains(class))).collect();
        text.push_str(&format!("| fields: {class} | {} |\n", cells.join(" | ")));
    }
    text
}

#[cfg(test)]
#[path = "permission_tests.rs"]
mod tests;
