//! What stands in a list: headers, facts, texts exactly as they were, nothing cut in silence.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod common;

use std::convert::Infallible;
use std::fs::File;
use std::path::Path;

use common::judges::openpyxl;
use common::{meta, picture, row, rows, write};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use zhicha_report::{
    Catalogue, DocumentKind, ListMeta, ReportError, Row, write_list, write_list_to,
};

fn made(kind: DocumentKind, meta: &ListMeta, rows: Vec<Row>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("list.xlsx");
    write(kind, meta, rows, &out);
    openpyxl(&out)
}

/// The values of one row of a sheet, blanks left out.
fn line(sheet: &Value, row: u64) -> Vec<Value> {
    let cells = sheet["cells"].as_array().unwrap();
    cells
        .iter()
        .filter(|c| c["row"] == row)
        .map(|c| c["value"].clone())
        .collect()
}

/// The cell of the first data row under a header.
fn under<'a>(sheet: &'a Value, header: &str) -> &'a Value {
    let cells = sheet["cells"].as_array().unwrap();
    let head = cells
        .iter()
        .find(|c| c["row"] == 2 && c["value"] == header)
        .unwrap();
    cells
        .iter()
        .find(|c| c["row"] == 3 && c["col"] == head["col"])
        .unwrap_or(&Value::Null)
}

#[test]
fn header_rows_of_both_documents_are_the_tables() {
    let full = ListMeta {
        coordinates: true,
        ..meta()
    };
    let headers = |kind| line(&made(kind, &full, vec![row(1)])["sheets"][0], 2);
    insta::assert_json_snapshot!("headers_a", headers(DocumentKind::A));
    insta::assert_json_snapshot!("headers_b", headers(DocumentKind::B));
}

#[test]
fn a_row_and_the_facts_around_it_serialise_as_recorded() {
    let mut row = row(1);
    row.photos_before = vec![picture(1, 40, 30, "近景")];
    insta::assert_json_snapshot!("row", row);
    insta::assert_json_snapshot!("meta", meta());
    insta::assert_json_snapshot!("catalogue", Catalogue::load().unwrap());
}

#[test]
fn a_list_says_who_exported_it_when_and_how_much_it_holds() {
    let found = made(DocumentKind::A, &meta(), rows(4));
    let list = &found["sheets"][0];
    assert_eq!(list["name"], "交办问题清单");
    assert_eq!(line(list, 0), [json!("满洲里市交办问题清单")]);
    assert_eq!(
        line(list, 1),
        [json!(
            "批次：第3期　　导出人：王晓芳　　导出时间：2026-03-05 14:05　　\
             共 4 条，图片 9 张　　筛选：道北街道，已交办"
        )]
    );
    let footer = list["footer_left"].as_str().unwrap();
    assert!(
        footer.contains("王晓芳") && footer.contains("共 4 条，图片 9 张"),
        "{footer}"
    );
    assert_eq!(found["title"], "满洲里市交办问题清单");
    assert_eq!(found["creator"], "王晓芳");
    assert_eq!(found["created"], "2026-03-05T06:05:00");
    let notes = &found["sheets"][1];
    assert_eq!(notes["name"], "说明");
    assert_eq!(line(notes, 6), [json!("问题条数"), json!("4")]);
    assert_eq!(line(notes, 7), [json!("图片张数"), json!("9")]);
}

#[test]
fn a_list_prints_on_a4_across_with_its_header_on_every_page() {
    let a = &made(DocumentKind::A, &meta(), rows(1))["sheets"][0];
    let b = &made(DocumentKind::B, &meta(), rows(1))["sheets"][0];
    for sheet in [a, b] {
        assert_eq!(sheet["landscape"], true);
        assert_eq!(sheet["paper"].to_string().trim_matches('"'), "9");
        assert_eq!(sheet["repeat_rows"], "3:3", "{sheet}");
        assert_eq!(sheet["freeze"], "C4");
        assert!(sheet["tallest_pt"].as_f64().unwrap() <= 409.0);
    }
    assert_eq!((&a["fit"], &a["repeat_cols"]), (&json!([1, 0]), &json!("")));
    assert_eq!(
        (&b["fit"], &b["repeat_cols"]),
        (&json!([2, 0]), &json!("A:B"))
    );
}

#[test]
fn nothing_of_the_inspector_or_the_place_is_in_a_list_for_units() {
    let full = ListMeta {
        coordinates: true,
        full_phones: true,
        ..meta()
    };
    let found = made(DocumentKind::A, &full, vec![row(1)]).to_string();
    for secret in ["李明", "周强", "117.44", "13812345678", "检查人"] {
        assert!(!found.contains(secret), "{secret}");
    }
}

#[test]
fn a_ledger_leaves_coordinates_and_whole_numbers_out_unless_asked_and_says_so() {
    let found = made(DocumentKind::B, &meta(), vec![row(1)]);
    let text = found.to_string();
    assert!(!text.contains("117.44") && !text.contains("13812345678"));
    let notes = &found["sheets"][1];
    assert_eq!(
        line(notes, 10),
        [json!("经纬度"), json!("按导出设置未带出")]
    );
    assert_eq!(
        under(&found["sheets"][0], "联系电话")["value"],
        "138****5678"
    );
}

#[test]
fn a_formula_in_a_text_stays_text_and_stays_so_when_edited() {
    let attack = "=HYPERLINK(\"http://x/\",\"点这里\")";
    let row = Row {
        description: Some(attack.into()),
        ..row(1)
    };
    let cell = under(
        &made(DocumentKind::A, &meta(), vec![row])["sheets"][0],
        "问题描述",
    )
    .clone();
    assert_eq!(cell["value"], attack);
    assert_ne!(cell["type"], "f");
    assert_eq!(cell["text_mark"], true);
}

#[test]
fn a_text_longer_than_a_cell_is_whole_on_its_own_sheet() {
    let long: String = (0..40_000)
        .map(|n| char::from_u32(0x4e00 + n % 20_000).unwrap())
        .collect();
    let row = Row {
        description: Some(long.clone()),
        ..row(1)
    };
    let found = made(DocumentKind::A, &meta(), vec![row]);
    let shown = under(&found["sheets"][0], "问题描述")["value"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(shown.ends_with("……〔全文见“续文”第1条〕"), "{shown}");
    let rest = &found["sheets"][2];
    assert_eq!(rest["name"], "续文");
    assert!(rest["tallest_pt"].as_f64().unwrap() < 409.0);
    let pieces = rest["cells"].as_array().unwrap().iter();
    let pieces = pieces.filter(|c| c["row"] != 0 && c["col"] == 4);
    let whole: String = pieces.map(|c| c["value"].as_str().unwrap()).collect();
    assert_eq!(whole, long);
}

#[test]
fn an_empty_list_says_that_nothing_was_found() {
    let found = made(DocumentKind::A, &meta(), vec![]);
    assert_eq!(line(&found["sheets"][0], 3), [json!("没有符合条件的问题")]);
}

#[test]
fn a_source_that_breaks_off_leaves_the_earlier_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("list.xlsx");
    std::fs::write(&out, "earlier").unwrap();
    let broken = vec![Ok(row(1)), Err("the store went away")];
    let result = write_list(DocumentKind::A, &meta(), broken, &out);
    assert!(
        matches!(result, Err(ReportError::Source { row: 2, .. })),
        "{result:?}"
    );
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "earlier");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "scratch left behind"
    );
}

#[test]
fn a_full_disk_is_a_clear_error() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let rows = rows(3).into_iter().map(Ok::<_, Infallible>);
    let result = write_list_to(DocumentKind::B, &meta(), rows, full, None);
    assert!(
        matches!(result, Err(ReportError::Workbook(_))),
        "{result:?}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_named_in_the_error() {
    let rows = vec![Ok::<_, Infallible>(row(1))];
    let error = write_list(DocumentKind::A, &meta(), rows, Path::new("/no/such/x.xlsx"));
    assert!(error.unwrap_err().to_string().contains("/no/such/x.xlsx"));
}

/// Any characters at all, with those that break spreadsheets made likely.
fn hostile() -> impl Strategy<Value = String> {
    let likely = prop::sample::select(vec![
        "=1+1", "+", "-2", "@x", "\u{0}", "\u{1b}", "\u{ffff}", "\r\n", "\t", "]]>", "<&\"'>",
        "_x0041_", "&P", "\u{202e}", "😀", "中文", " ", "e\u{301}", "ю",
    ]);
    prop::collection::vec(
        prop_oneof![likely.prop_map(str::to_owned), any::<String>()],
        0..8,
    )
    .prop_map(|parts| parts.concat())
}

/// 300 rows whose every text is hostile, read by a stranger. One file instead of one per case:
/// starting Python takes longer than making a list.
#[test]
fn no_text_breaks_the_file_or_is_lost() {
    let mut runner = TestRunner::deterministic();
    let mut text = || hostile().new_tree(&mut runner).unwrap().current();
    let hostile_row = |text: &mut dyn FnMut() -> String| Row {
        issue_no: Some(text()),
        point_name: Some(text()),
        description: Some(text()),
        co_units: vec![text(), text()],
        phone: Some(text()),
        photos_before: vec![picture(1, 8, 8, &text())],
        remark: Some(text()),
        ..row(1)
    };
    let rows: Vec<Row> = (0..300).map(|_| hostile_row(&mut text)).collect();
    let around = ListMeta {
        title: Some(text() + "题"),
        city_name: text(),
        exported_by: text(),
        filter: Some(text()),
        ..meta()
    };
    for kind in [DocumentKind::A, DocumentKind::B] {
        let found = made(kind, &around, rows.clone());
        assert_eq!(
            found["sheets"][0]["pictures"].as_array().unwrap().len(),
            300
        );
        let cells = found["sheets"][0]["cells"].as_array().unwrap();
        assert!(cells.iter().all(|c| c["type"] != "f" && c["type"] != "e"));
        for (n, row) in (3u64..).zip(&rows) {
            let want = printable(row.description.as_deref().unwrap());
            let got = cells
                .iter()
                .filter(|c| c["row"] == n)
                .filter_map(|c| c["value"].as_str());
            let mut got = got.map(printable);
            assert!(
                want.is_empty() || got.any(|g| g == want),
                "row {n} lost {want:?}"
            );
        }
    }
}

/// What of a text anybody can see: the measure of "nothing lost". openpyxl does not undo the
/// `_x005F_` by which a sheet says that an underscore is one.
fn printable(text: &str) -> String {
    let seen =
        |c: &char| !c.is_control() && !c.is_whitespace() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace("_x005F_", "_").chars().filter(seen).collect()
}
