//! The rows between the caller's iterator and the sheet.
//!
//! Totals stand above the rows, so the rows have to be counted before the first of them is
//! written. They wait on a scratch file that has no name and goes with the process; memory holds
//! one row at a time.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::ReportError;
use crate::cell::Cell;

/// One row as it waits.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spooled {
    /// 序号 as printed; the sheet 续文 refers to it.
    pub(crate) seq: u32,
    /// One cell per printed column; picture columns hold their captions.
    pub(crate) cells: Vec<Cell>,
    /// Height the tallest block of pictures needs, in sheet pixels.
    pub(crate) block_px: u32,
}

/// The scratch file while it fills.
pub(crate) struct Spool {
    file: BufWriter<File>,
}

impl Spool {
    pub(crate) fn create(folder: Option<&Path>) -> Result<Self, ReportError> {
        let file = match folder {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        };
        Ok(Spool {
            file: BufWriter::new(file.map_err(ReportError::Scratch)?),
        })
    }

    pub(crate) fn push(&mut self, row: &Spooled) -> Result<(), ReportError> {
        let line = serde_json::to_vec(row).map_err(ReportError::ScratchContent)?;
        self.file.write_all(&line).map_err(ReportError::Scratch)?;
        self.file.write_all(b"\n").map_err(ReportError::Scratch)
    }

    /// The rows again, in the order they came.
    pub(crate) fn read_back(
        self,
    ) -> Result<impl Iterator<Item = Result<Spooled, ReportError>>, ReportError> {
        let mut file = self
            .file
            .into_inner()
            .map_err(|e| ReportError::Scratch(e.into_error()))?;
        file.rewind().map_err(ReportError::Scratch)?;
        Ok(BufReader::new(file).lines().map(|line| {
            let line = line.map_err(ReportError::Scratch)?;
            serde_json::from_str(&line).map_err(ReportError::ScratchContent)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went() {
        let row = |seq| Spooled {
            seq,
            cells: vec![
                Cell::text("两行\n\"引号\"").alert(true),
                Cell::number(4),
                Cell::empty(),
            ],
            block_px: 96,
        };
        let mut spool = Spool::create(None).unwrap();
        for seq in 1..=3 {
            spool.push(&row(seq)).unwrap();
        }
        let back: Vec<Spooled> = spool.read_back().unwrap().map(Result::unwrap).collect();
        assert_eq!(back, [row(1), row(2), row(3)]);
    }

    #[test]
    fn a_scratch_folder_that_is_not_there_is_a_clear_error() {
        let made = Spool::create(Some(Path::new("no/such/folder")));
        assert!(matches!(made, Err(ReportError::Scratch(_))));
    }
}
