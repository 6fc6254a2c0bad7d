//! Pictures float, are anchored to their own cell, and reach the paper, all of them.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod common;

use std::path::Path;

use common::judges::{openpyxl, page_text, pdf, pictures_in_pdf};
use common::{meta, rows, write};
use serde_json::Value;
use zhicha_report::{Catalogue, DocumentKind};

const FIRST_ROW: u64 = 3;

/// Where each kind of picture has to be: (row, column) of every picture, in order.
fn expected(kind: DocumentKind, count: u32) -> Vec<[u64; 2]> {
    let columns: Vec<String> = Catalogue::load()
        .unwrap()
        .of(kind)
        .into_iter()
        .map(|c| c.key)
        .filter(|key| key != "lng_lat")
        .collect();
    let col = |key: &str| columns.iter().position(|k| k == key).map(|n| n as u64);
    let mut places = Vec::new();
    for (n, row) in (FIRST_ROW..).zip(rows(count)) {
        for (key, pictures) in [
            ("photos_before", &row.photos_before),
            ("photos_after", &row.photos_after),
        ] {
            let shown = pictures.iter().filter(|p| p.missing.is_none());
            places.extend(shown.filter_map(|_| col(key)).map(|c| [n, c]));
        }
    }
    places
}

fn judge(kind: DocumentKind) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("list.xlsx");
    let written = write(kind, &meta(), rows(9), &out);
    let expected = expected(kind, 9);
    assert_eq!(written.pictures as usize, expected.len());

    let found = openpyxl(&out);
    let pictures = found["sheets"][0]["pictures"].as_array().unwrap();
    let mut places: Vec<[u64; 2]> = pictures.iter().map(|p| pair(&p["from"])).collect();
    places.sort_unstable();
    assert_eq!(places, expected);
    for picture in pictures {
        assert_eq!(picture["anchor"], "TwoCellAnchor");
        assert_eq!(picture["edit_as"], "twoCell");
        assert_eq!(picture["from"], picture["to"], "a picture leaves its cell");
        assert_eq!(picture["format"], "jpeg");
        let ([w, h], [shown_w, shown_h]) = (pair(&picture["px"]), pair(&picture["shown_emu"]));
        let distortion = (shown_w * h) as f64 / (shown_h * w) as f64;
        assert!(
            (0.97..1.03).contains(&distortion),
            "proportions lost: {picture}"
        );
    }
    assert_eq!(
        found["rich_values"], 0,
        "in-cell pictures do not show in WPS"
    );
    on_paper(&out, folder.path(), written.pictures);
}

fn on_paper(xlsx: &Path, folder: &Path, pictures: u32) {
    let pdf = pdf(xlsx, folder);
    assert_eq!(pictures_in_pdf(&pdf).len(), pictures as usize);
    let first = page_text(&pdf, 1);
    assert!(
        first.contains("满洲里市") && first.contains("王晓芳"),
        "{first}"
    );
}

fn pair(value: &Value) -> [u64; 2] {
    [value[0].as_u64().unwrap(), value[1].as_u64().unwrap()]
}

#[test]
fn every_picture_of_a_list_floats_in_its_cell_and_is_on_the_paper() {
    judge(DocumentKind::A);
}

#[test]
fn every_picture_of_a_ledger_floats_in_its_cell_and_is_on_the_paper() {
    judge(DocumentKind::B);
}

#[test]
fn before_and_after_of_a_ledger_are_on_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("ledger.xlsx");
    write(DocumentKind::B, &meta(), rows(2), &out);
    let pdf = pdf(&out, folder.path());
    let pages: Vec<u32> = pictures_in_pdf(&pdf)
        .into_iter()
        .map(|(page, ..)| page)
        .collect();
    assert_eq!(pages, [1; 6]);
    let (left, right) = (page_text(&pdf, 1), page_text(&pdf, 2));
    assert!(
        left.contains("问题描述") && !left.contains("牵头单位"),
        "{left}"
    );
    assert!(
        right.contains("问题编号") && right.contains("牵头单位"),
        "{right}"
    );
    assert!(
        right.contains("红黄牌") && right.contains("备注"),
        "{right}"
    );
}
