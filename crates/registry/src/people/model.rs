//! What is known about one person.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// The text in the table, also the end of its Fluent id.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value of a text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// Which paper the number comes from.
    Certificate {
        /// 居民身份证
        Citizen = "citizen",
        /// 残疾人证: the citizen number and two or four characters more.
        Disability = "disability",
        /// Another paper.
        Other = "other",
        /// None was given.
        None = "none",
    }
}

words! {
    /// How far the identity number can be trusted.
    IdState {
        /// The check character agrees and nobody else has it.
        Ok = "ok",
        /// The check character is wrong.
        WrongCheck = "wrong_check",
        /// Two people of the register have it.
        Twice = "twice",
        /// There is none.
        Missing = "missing",
        /// It could not be checked.
        Unverified = "unverified",
    }
}
