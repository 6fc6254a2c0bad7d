//! What the field knows: site types, problem categories, the manual's items.
//!
//! The data lies in `data/` as spreadsheets the office can read; this module reads it once. It is
//! *本市模板 v1*: a city edits it into its own manual later, and every visit names the edition it
//! was held against.

mod category;
mod deadline;
mod item;
mod site_type;

pub use category::{Category, FALLBACK_CATEGORY, categories, category};
pub use deadline::{DeadlineClass, deadline_class, deadline_classes};
pub use item::{Item, MANUAL_EDITION, Scale, checklist, item};
pub use site_type::{Geometry, SiteType, site_type, site_types};

/// Reads the rows of a table whose columns stand in a known order; the first line is the header.
///
/// The tables are part of the program and a test reads each of them whole, so a row that cannot be
/// read is left out here instead of stopping a phone in the field.
fn rows<T>(text: &str, read: impl Fn(&csv::StringRecord) -> Option<T>) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .filter_map(Result::ok)
        .filter_map(|record| read(&record))
        .collect()
}

fn cell(record: &csv::StringRecord, column: usize) -> String {
    record.get(column).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_data_is_read() {
        assert_eq!(categories().len(), 94);
        assert_eq!(site_types().len(), 47);
        let items: usize = site_types()
            .iter()
            .map(|t| t.code.as_str())
            .filter(|code| item::has_own_checklist(code))
            .map(|code| checklist(code).len())
            .sum();
        assert_eq!(items, 184);
    }

    #[test]
    fn every_item_names_a_known_category() {
        for t in site_types() {
            for item in checklist(&t.code) {
                assert!(category(&item.category).is_some(), "{}", item.code);
            }
        }
    }
}
