//! One declaration gives a column its place in the schema, its field in the typed row and its value in the table.

use facts::Scalar;
use kernel::time::Day;

/// A field of a fact row that knows how it is stored.
pub(super) trait Stored {
    /// The stored value; unknown is `Null`.
    fn scalar(&self) -> Scalar;
}

impl Stored for Option<i64> {
    fn scalar(&self) -> Scalar {
        self.map_or(Scalar::Null, Scalar::Int)
    }
}

impl Stored for Option<bool> {
    fn scalar(&self) -> Scalar {
        self.map_or(Scalar::Null, |yes| Scalar::Int(i64::from(yes)))
    }
}

impl Stored for Option<f64> {
    fn scalar(&self) -> Scalar {
        self.map_or(Scalar::Null, Scalar::Real)
    }
}

impl Stored for Option<String> {
    fn scalar(&self) -> Scalar {
        self.as_ref().map_or(Scalar::Null, |text| Scalar::Text(text.clone()))
    }
}

impl Stored for Option<Day> {
    fn scalar(&self) -> Scalar {
        self.map_or(Scalar::Null, |day| Scalar::Text(day.to_string()))
    }
}

macro_rules! fact_type {
    (Money) => { Option<i64> };
    (Int) => { Option<i64> };
    (Bool) => { Option<bool> };
    (Real) => { Option<f64> };
    (Text) => { Option<String> };
    (Day) => { Option<kernel::time::Day> };
}

/// `name: Kind Unit "room" ("标题", "title") ("句子。", "Sentence.") [coverage];`
macro_rules! fact_columns {
    ($(#[$doc:meta])* $row:ident of $table:ident {
        $($field:ident : $kind:ident $unit:ident $room:literal
          ($title_zh:literal, $title_en:literal) ($zh:literal, $en:literal) $([$cover:expr])? ;)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $row {
            $(#[doc = $en] pub $field: $crate::circumstances::facts::table::fact_type!($kind),)+
        }

        impl $row {
            /// The columns, in the order of the fields.
            pub const COLUMNS: &'static [facts::Column] = &[
                $(facts::Column::$table(stringify!($field), facts::Kind::$kind)
                    .room($room).title($title_zh, $title_en).sentence($zh, $en)
                    .unit(facts::Unit::$unit) $(.covered($cover))?,)+
            ];

            /// The stored values, in the order of the columns.
            #[must_use]
            pub fn scalars(&self) -> Vec<facts::Scalar> {
                use $crate::circumstances::facts::table::Stored;
                vec![$(self.$field.scalar(),)+]
            }
        }
    };
}

pub(super) use {fact_columns, fact_type};
