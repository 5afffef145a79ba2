//! The people of every test and of the demo county.

/// Somebody with a desk in the county, or with none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// County office.
    Alice,
    /// Clerk of a township.
    Bob,
    /// Village worker in Bob's township.
    Chen,
    /// A department that sends lists.
    Dora,
    /// Clerk of another township; must see nothing of Bob's.
    Eve,
    /// Inspector: reads, changes nothing.
    Feng,
    /// Helper of six households.
    Gao,
    /// Bank, for its borrowers.
    Han,
}

impl Person {
    /// All eight.
    pub const ALL: [Person; 8] = [
        Person::Alice,
        Person::Bob,
        Person::Chen,
        Person::Dora,
        Person::Eve,
        Person::Feng,
        Person::Gao,
        Person::Han,
    ];

    /// The name to sign in with: `alice`.
    pub fn login(self) -> &'static str {
        match self {
            Person::Alice => "alice",
            Person::Bob => "bob",
            Person::Chen => "chen",
            Person::Dora => "dora",
            Person::Eve => "eve",
            Person::Feng => "feng",
            Person::Gao => "gao",
            Person::Han => "han",
        }
    }
}
