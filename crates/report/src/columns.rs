//! The table of columns, read from the file the domain's research left.
//!
//! The file is the only place where headers, order, documents and required flags stand; a change
//! there changes the next list. What code has to know about a column (its value, its width) hangs
//! on the `key`; a test fails when a key is without one.

use serde::Serialize;

use crate::ReportError;

const TABLE: &str = include_str!("../data/rectification_columns.csv");

/// Which paper is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum DocumentKind {
    /// 交办问题清单: goes to responsible units, so it carries neither inspector nor coordinates.
    A,
    /// 整改台账: the office's own ledger, before and after pictures beside each other.
    B,
}

impl DocumentKind {
    /// The letter that stands for this document in the table.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            DocumentKind::A => 'A',
            DocumentKind::B => 'B',
        }
    }
}

/// What a column holds; decides alignment and how a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ColumnKind {
    /// Whole number.
    Int,
    /// Free text.
    Text,
    /// One of a closed set, as its Chinese name.
    Enum,
    /// Coordinates with datum.
    Geo,
    /// Moment, shown in UTC+8.
    DateTime,
    /// Floating pictures.
    Images,
    /// One unit or area by name.
    Ref,
    /// Several units by name.
    Refs,
    /// Day (with hour) by which something is due.
    Date,
    /// 是 or 否.
    Bool,
}

/// Whether an office expects the column to be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Required {
    /// Has to be filled.
    Yes,
    /// Has to be filled from some step of the work on (`Y*`).
    Later,
    /// May stay blank.
    No,
}

/// One column of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Stable name; the field of [`crate::Row`] with this name holds the value.
    pub key: String,
    /// What stands in the header row.
    pub header_zh: String,
    /// What the column holds.
    pub kind: ColumnKind,
    /// Letters of the documents that carry it.
    pub documents: String,
    /// Whether it has to be filled.
    pub required: Required,
}

/// All columns in the order of the table, and the names of the documents.
#[derive(Debug, Clone, Serialize)]
pub struct Catalogue {
    columns: Vec<Column>,
    documents: Vec<(char, String)>,
}

impl Catalogue {
    /// Reads the built-in table.
    ///
    /// # Errors
    /// [`ReportError::Columns`] when the table does not parse; a test keeps that from shipping.
    pub fn load() -> Result<Self, ReportError> {
        Self::parse(TABLE)
    }

    fn parse(table: &str) -> Result<Self, ReportError> {
        let wrong = |what: &str| ReportError::Columns(what.to_owned());
        let table = table.trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let headers = reader.headers().map_err(|e| wrong(&e.to_string()))?;
        let documents = headers
            .get(3)
            .and_then(|h| h.strip_prefix("used_in("))
            .and_then(|h| h.strip_suffix(')'))
            .ok_or_else(|| wrong("column 4 is not used_in(…)"))?
            .split_whitespace()
            .filter_map(|entry| {
                let mut rest = entry.chars();
                rest.next().map(|letter| (letter, rest.as_str().to_owned()))
            })
            .collect();
        let mut columns = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| wrong(&e.to_string()))?;
            let field = |n: usize| record.get(n).unwrap_or_default().to_owned();
            columns.push(Column {
                key: field(0),
                header_zh: field(1),
                kind: kind(&field(2)).ok_or_else(|| wrong(&format!("type {}", field(2))))?,
                documents: field(3),
                required: required(&field(4))
                    .ok_or_else(|| wrong(&format!("required {}", field(4))))?,
            });
        }
        Ok(Catalogue { columns, documents })
    }

    /// All columns, in the table's order.
    #[must_use]
    pub fn all(&self) -> &[Column] {
        &self.columns
    }

    /// The name the table gives a document, such as 整改台账.
    ///
    /// # Errors
    /// [`ReportError::Columns`] when the table does not name it.
    pub fn document_name(&self, document: DocumentKind) -> Result<&str, ReportError> {
        self.documents
            .iter()
            .find(|(letter, _)| *letter == document.letter())
            .map(|(_, name)| name.as_str())
            .ok_or_else(|| ReportError::Columns(format!("no document {}", document.letter())))
    }

    /// The columns of one document in the order they are printed: the table's, but with all
    /// picture columns drawn up to the first of them, so that before and after lie side by side.
    #[must_use]
    pub fn of(&self, document: DocumentKind) -> Vec<Column> {
        let mut printed = Vec::new();
        let mut pictures: Vec<Column> = Vec::new();
        let mut at = None;
        for column in self
            .columns
            .iter()
            .filter(|c| c.documents.contains(document.letter()))
        {
            if column.kind == ColumnKind::Images {
                at.get_or_insert(printed.len());
                pictures.push(column.clone());
            } else {
                printed.push(column.clone());
            }
        }
        if let Some(at) = at {
            printed.splice(at..at, pictures);
        }
        printed
    }
}

fn kind(word: &str) -> Option<ColumnKind> {
    Some(match word {
        "int" => ColumnKind::Int,
        "text" => ColumnKind::Text,
        "enum" => ColumnKind::Enum,
        "geo" => ColumnKind::Geo,
        "datetime" => ColumnKind::DateTime,
        "images" => ColumnKind::Images,
        "ref" => ColumnKind::Ref,
        "refs" => ColumnKind::Refs,
        "date" => ColumnKind::Date,
        "bool" => ColumnKind::Bool,
        _ => return None,
    })
}

fn required(word: &str) -> Option<Required> {
    Some(match word {
        "Y" => Required::Yes,
        "Y*" => Required::Later,
        "" => Required::No,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_holds_forty_one_columns_and_names_both_documents() {
        let catalogue = Catalogue::load().unwrap();
        assert_eq!(catalogue.all().len(), 41);
        assert_eq!(
            catalogue.document_name(DocumentKind::A).unwrap(),
            "交办问题清单"
        );
        assert_eq!(
            catalogue.document_name(DocumentKind::B).unwrap(),
            "整改台账"
        );
    }

    #[test]
    fn a_list_for_units_carries_neither_inspector_nor_coordinates() {
        let keys: Vec<String> = Catalogue::load()
            .unwrap()
            .of(DocumentKind::A)
            .into_iter()
            .map(|c| c.key)
            .collect();
        for secret in ["inspector", "lng_lat", "rechecker", "phone"] {
            assert!(!keys.iter().any(|k| k == secret), "{secret} in {keys:?}");
        }
    }

    #[test]
    fn before_and_after_pictures_lie_side_by_side_in_the_ledger() {
        let columns = Catalogue::load().unwrap().of(DocumentKind::B);
        let at = columns
            .iter()
            .position(|c| c.key == "photos_before")
            .unwrap();
        assert_eq!(columns[at + 1].key, "photos_after");
    }

    #[test]
    fn a_table_with_an_unknown_type_is_refused() {
        let bad = "key,header_zh,type,used_in(A甲 B乙),required,note\nx,某,colour,A,Y,\n";
        assert!(matches!(
            Catalogue::parse(bad),
            Err(ReportError::Columns(_))
        ));
    }
}
