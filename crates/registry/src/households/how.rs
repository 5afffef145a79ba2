//! How a stay in a household began and ended.

macro_rules! how {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

how! {
    /// How a stay began.
    HowIn {
        /// Stood in the register.
        Register = "register",
        /// Born into the household.
        Birth = "birth",
        /// Married in.
        Marriage = "marriage",
        /// Came back.
        Return = "return",
        /// From a household that was divided.
        Split = "split",
        /// From a household that joined this one.
        Merge = "merge",
        /// Another person became head; the stay goes on with another kin.
        Head = "head",
        /// Put right by hand.
        Correction = "correction",
    }
}

how! {
    /// How a stay ended.
    HowOut {
        /// Missing in a later register.
        Register = "register",
        /// Died.
        Death = "death",
        /// Left: married out, moved away.
        Left = "left",
        /// Went to a household of their own.
        Split = "split",
        /// Went where the whole household went.
        Merge = "merge",
        /// Another person became head; the stay goes on with another kin.
        Head = "head",
        /// Put right by hand.
        Correction = "correction",
    }
}
