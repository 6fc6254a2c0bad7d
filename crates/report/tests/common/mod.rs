//! What the tests of this crate share: a small office's problems, pictures that all differ, and
//! the strangers (openpyxl, LibreOffice, poppler) who judge the files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test fails the test"
)]
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod judges;

use std::convert::Infallible;
use std::path::Path;

use zhicha_report::{DocumentKind, ListMeta, LngLat, Picture, Row, Written, write_list};

/// A gradient with bars whose colours come from `n`, so that no two pictures are the same bytes.
pub(crate) fn picture(n: u32, width: u16, height: u16, caption: &str) -> Picture {
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            let bar = (x / 12 + y / 20 + n) % 7;
            let value = |k: u32| ((n * 37 + bar * k + x / 2 + y) % 256) as u8;
            pixels.extend([value(31), value(53), value(17)]);
        }
    }
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 80)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    Picture {
        jpeg,
        width_px: width.into(),
        height_px: height.into(),
        caption: caption.to_owned(),
        missing: None,
    }
}

pub(crate) fn meta() -> ListMeta {
    ListMeta {
        title: None,
        city_name: "满洲里市".into(),
        exported_by: "王晓芳".into(),
        exported_at: "2026-03-05T06:05:00Z".parse().unwrap(),
        batch_no: Some("第3期".into()),
        filter: Some("道北街道，已交办".into()),
        coordinates: false,
        full_phones: false,
    }
}

/// One problem far enough on its way to fill every column.
pub(crate) fn row(n: u32) -> Row {
    let some = |s: &str| Some(s.to_owned());
    let at = |s: &str| Some(s.parse().unwrap());
    Row {
        seq: None,
        issue_no: Some(format!("2026-3-{n:04}")),
        batch_no: some("第3期"),
        round: some("2026年第一轮"),
        point_type: some("农贸市场"),
        point_name: some("道北综合市场"),
        location_desc: some("三道街与天桥路交叉口向西50米路南，市场东门外便道"),
        lng_lat: Some(LngLat {
            lng_deg: 117.44,
            lat_deg: 49.6,
            datum: "WGS-84".into(),
        }),
        found_at: at("2026-03-04T01:20:00Z"),
        inspector: some("李明"),
        category: some("暴露垃圾/清运不及时"),
        indicator: some("市场环境整洁，垃圾日产日清（v1 M-03）"),
        description: some(
            "市场东门外便道堆放菜叶、纸箱等垃圾约3平方米，未及时清运，有污水流到盲道上。",
        ),
        severity: some("较重"),
        photos_before: vec![],
        lead_unit: some("市城市管理综合执法局"),
        resp_unit: some("道北街道办事处"),
        co_units: vec!["市场监管局".into(), "市场开办方".into()],
        territory: some("道北街道/北区社区/第4网格"),
        resp_leader: some("赵建国"),
        resp_person: some("孙丽"),
        phone: some("13812345678"),
        measure: some(
            "当日清运垃圾，冲洗便道，增设两个240升垃圾桶，由社区网格员每天早晚各查一次。",
        ),
        requirement: some("立即清运并冲洗地面，举一反三排查市场周边。"),
        deadline_class: some("立行立改"),
        deadline_at: at("2026-03-05T10:00:00Z"),
        assigned_at: at("2026-03-04T06:00:00Z"),
        signed_at: at("2026-03-04T06:40:00Z"),
        feedback_at: at("2026-03-05T02:10:00Z"),
        rect_status: some("已完成"),
        rect_result: some("垃圾已清运，地面已冲洗，新桶已到位。"),
        photos_after: vec![],
        recheck_at: at("2026-03-05T04:00:00Z"),
        rechecker: some("周强"),
        recheck_result: some("通过"),
        closed_at: at("2026-03-05T05:00:00Z"),
        overdue_days: Some(0),
        urge_count: Some(1),
        card: None,
        recurrence: Some(false),
        remark: None,
    }
}

/// `count` problems, most with near and far before pictures and one or two after.
pub(crate) fn rows(count: u32) -> Vec<Row> {
    (1..=count)
        .map(|n| {
            let mut row = row(n);
            row.photos_before = vec![
                picture(n * 10, 400, 300, "近景"),
                picture(n * 10 + 1, 300, 400, "远景（导入）"),
            ];
            row.photos_after = vec![picture(n * 10 + 2, 400, 300, "整改后")];
            match n % 4 {
                0 => row
                    .photos_before
                    .push(picture(n * 10 + 3, 640, 360, "近景")),
                1 => row.photos_after.push(Picture {
                    jpeg: Vec::new(),
                    missing: Some("原图在手机上".into()),
                    ..picture(1, 8, 8, "整改后")
                }),
                2 => {
                    row.overdue_days = Some(3);
                    row.card = Some("黄牌".into());
                    row.closed_at = None;
                }
                _ => {}
            }
            row
        })
        .collect()
}

pub(crate) fn write(kind: DocumentKind, meta: &ListMeta, rows: Vec<Row>, out: &Path) -> Written {
    write_list(kind, meta, rows.into_iter().map(Ok::<_, Infallible>), out).unwrap()
}
