//! The proof that somebody may read rows of people, and the one filter by scope.

use kernel::permission::{FieldClass, Permission, Role};
use kernel::time::Day;

use crate::ctx::{Ctx, ScopeKind};
use crate::value::Value;

const LOWEST: &str = "000000000000";
const HIGHEST: &str = "999999999999";

/// Made only by [`Ctx::permit`]. Queries on people's rows take it and bind it as `$1` and `$2` of [`crate::visible!`].
#[derive(Debug, Clone)]
pub struct Permit {
    permission: Permission,
    role: Role,
    account: String,
    department: Option<String>,
    today: Day,
    low: String,
    high: String,
    whole: bool,
}

impl Permit {
    pub(crate) fn new(ctx: &Ctx, permission: Permission) -> Self {
        let mut low = HIGHEST.to_owned();
        let mut high = LOWEST.to_owned();
        let mut areas = Vec::new();
        for scope in &ctx.actor.scopes {
            let (from, to) = match &scope.kind {
                ScopeKind::Area(area) => {
                    let (from, to) = area.range();
                    (from.to_string(), to.to_string())
                }
                // A single household or a list may stand anywhere.
                ScopeKind::Everywhere | ScopeKind::Household(_) | ScopeKind::List(_) => {
                    (LOWEST.to_owned(), HIGHEST.to_owned())
                }
            };
            if matches!(scope.kind, ScopeKind::Area(_) | ScopeKind::Everywhere) {
                areas.push((from.clone(), to.clone()));
            }
            low = low.min(from);
            high = high.max(to);
        }
        let whole = areas.iter().any(|(from, to)| *from <= low && *to >= high);
        Permit {
            permission,
            role: ctx.actor.role,
            account: ctx.actor.account.clone(),
            department: ctx.actor.department.clone(),
            today: ctx.today,
            low,
            high,
            whole,
        }
    }

    /// `$1` of every scoped query.
    pub fn account(&self) -> Value {
        Value::from(&self.account)
    }

    /// `$2` of every scoped query.
    pub fn today(&self) -> Value {
        Value::from(self.today)
    }

    /// What was permitted.
    pub fn permission(&self) -> Permission {
        self.permission
    }

    /// The office of the person, for lists that belong to one.
    pub fn department(&self) -> Option<&str> {
        self.department.as_deref()
    }

    /// The lowest and highest village code that any scope of this person can reach: cheap bounds for indexes,
    /// never a replacement for [`crate::visible!`].
    pub fn hull(&self) -> (&str, &str) {
        (&self.low, &self.high)
    }

    /// Whether one area of this person is the whole hull, so that everything between its bounds may be seen: then a count
    /// within the bounds need not ask the scope of every row. 1 or 0, for a statement.
    pub fn whole(&self) -> Value {
        Value::from(i64::from(self.whole))
    }

    /// Whether values of this class may be shown.
    pub fn opens(&self, class: FieldClass) -> bool {
        kernel::permission::opens(self.role).contains(&class)
    }
}

/// The scope filter as SQL: `visible!("h.village_code", "h.id")` is true where the account `$1` may see, on day `$2`,
/// the household whose village and id are named; who may see a household sees the one that it is held to be (decision 0008). One
/// static text, so that it cannot be forgotten halfway.
#[macro_export]
macro_rules! visible {
    ($village:literal, $household:literal) => {
        concat!(
            "exists (select 1 from scopes s where s.account_id = $1 and s.from_day <= $2 ",
            "and (s.to_day is null or s.to_day >= $2) and (",
            "(s.kind = 'area' and ", $village, " >= s.low and ", $village, " <= s.high) ",
            "or (s.kind = 'household' and (s.target = ", $household,
            " or exists (select 1 from households vm where vm.id = s.target and vm.merged_into = ", $household, "))) ",
            "or (s.kind = 'list' and exists (select 1 from records vr join batches vb on vb.id = vr.batch_id ",
            "where vr.household_id = ", $household,
            " and vb.list_id = s.target and vb.state = 'accepted'))))"
        )
    };
}
