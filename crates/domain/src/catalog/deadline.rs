//! 整改类型: how urgent, as offices class it.

use serde::Serialize;

/// A class of deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadlineClass {
    /// `L0`…`L5`
    pub code: &'static str,
    /// The word on notices and lists.
    pub zh: &'static str,
}

/// From at once to for good. Source: the brief's classes (立行立改, 3 日, 7 日, 长期坚持) with those
/// that city practice puts between.
const CLASSES: [DeadlineClass; 6] = [
    DeadlineClass {
        code: "L0",
        zh: "立行立改",
    },
    DeadlineClass {
        code: "L1",
        zh: "限时3日",
    },
    DeadlineClass {
        code: "L2",
        zh: "限时7日",
    },
    DeadlineClass {
        code: "L3",
        zh: "限时15至30日",
    },
    DeadlineClass {
        code: "L4",
        zh: "专项",
    },
    DeadlineClass {
        code: "L5",
        zh: "长期坚持",
    },
];

/// All classes, the most urgent first.
#[must_use]
pub fn deadline_classes() -> &'static [DeadlineClass] {
    &CLASSES
}

/// The class with this code.
#[must_use]
pub fn deadline_class(code: &str) -> Option<&'static DeadlineClass> {
    CLASSES.iter().find(|c| c.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::categories;

    #[test]
    fn every_category_suggests_a_known_class() {
        for c in categories() {
            assert!(
                c.deadline_class.is_empty() || deadline_class(&c.deadline_class).is_some(),
                "{} {}",
                c.code,
                c.deadline_class
            );
        }
    }
}
