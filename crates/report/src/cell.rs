//! What one cell holds between the caller's row and the sheet.

use serde::{Deserialize, Serialize};

/// A cell's content, already in the words of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Content {
    /// Nothing to say.
    Empty,
    /// Clean text, as long as it likes.
    Text(String),
    /// A count.
    Number(u32),
}

/// A cell and whether it has to catch the eye.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cell {
    /// What it says.
    pub(crate) content: Content,
    /// Overdue and the like: printed bold and red, and the words say it too.
    pub(crate) alert: bool,
}

impl Cell {
    pub(crate) fn empty() -> Self {
        Cell {
            content: Content::Empty,
            alert: false,
        }
    }

    pub(crate) fn number(number: u32) -> Self {
        Cell {
            content: Content::Number(number),
            alert: false,
        }
    }

    /// Cleans `text`; what is empty after that is an empty cell.
    pub(crate) fn text(text: &str) -> Self {
        let text = crate::text::clean(text);
        let content = if text.trim().is_empty() {
            Content::Empty
        } else {
            Content::Text(text)
        };
        Cell {
            content,
            alert: false,
        }
    }

    pub(crate) fn alert(self, alert: bool) -> Self {
        Cell { alert, ..self }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.content == Content::Empty
    }
}
