//! `GET /v1/exports/list.xlsx` (document A), `GET /v1/exports/ledger.xlsx` (document B).

use super::problems::Narrow;
use crate::{
    api::{Answer, Refusal, auth::Office},
    app::Shared,
    office::export::{self, ExportError, Wanted},
    store::{StoreError, directory},
};
use axum::{
    extract::{Query, State},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use zhicha_domain::{catalog::category, rights::Act, time::city_date};
use zhicha_report::DocumentKind;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// 整改清单 (document A), narrowed as asked.
#[utoipa::path(
    get, path = "/v1/exports/list.xlsx", tag = "exports", params(Narrow),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn list(
    State(app): State<Shared>,
    by: Office,
    Query(narrow): Query<Narrow>,
) -> Answer<Response> {
    document(&app, &by, narrow, DocumentKind::A, "整改清单").await
}

/// 整改台账 (document B), narrowed as asked.
#[utoipa::path(
    get, path = "/v1/exports/ledger.xlsx", tag = "exports", params(Narrow),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn ledger(
    State(app): State<Shared>,
    by: Office,
    Query(narrow): Query<Narrow>,
) -> Answer<Response> {
    document(&app, &by, narrow, DocumentKind::B, "整改台账").await
}

async fn document(
    app: &Shared,
    by: &Office,
    narrow: Narrow,
    kind: DocumentKind,
    name: &str,
) -> Answer<Response> {
    let view = by.view(Act::Export)?;
    let now_ms = app.now_ms();
    let city = app.city.city;
    let unit_name = match narrow.unit {
        Some(unit) => {
            let units = app.read(move |db| directory::units(db, city)).await?;
            units.into_iter().find(|u| u.unit == unit).map(|u| u.name)
        }
        None => None,
    };
    let wanted = Wanted {
        kind,
        view,
        filter_words: words(&narrow, unit_name),
        filter: narrow.filter(now_ms),
        by: by.session.name.clone(),
        city_name: app.city.name.clone(),
        now_ms,
    };
    let objects = app.objects.clone();
    let bytes = app
        .read(move |db| {
            let folder = tempfile::tempdir().map_err(|e| StoreError::Stored(e.to_string()))?;
            let out = folder.path().join("list.xlsx");
            match export::write(db, city, &objects, &wanted, &out) {
                Ok(written) => tracing::info!(
                    rows = written.rows,
                    pictures = written.pictures,
                    missing = written.missing,
                    "a list was exported"
                ),
                Err(ExportError::Store(e)) => return Err(e),
                Err(e @ ExportError::Report(_)) => return Ok(Err(e.to_string())),
            }
            let bytes = std::fs::read(&out).map_err(|e| StoreError::Stored(e.to_string()))?;
            Ok(Ok(bytes))
        })
        .await?
        .map_err(|text| {
            tracing::error!(text, "export");
            Refusal::conflict(
                "export",
                "清单没有生成。请缩小筛选范围再试；还不行请告诉管理员",
                "the list could not be made; narrow it and try again",
            )
        })?;
    let file = format!("{}{name}-{}.xlsx", app.city.name, city_date(now_ms));
    let disposition = format!(
        "attachment; filename=\"zhicha.xlsx\"; filename*=UTF-8''{}",
        percent(&file)
    );
    let headers = [
        (CONTENT_TYPE, XLSX.to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// RFC 8187: everything but letters and digits as %XX.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b if b.is_ascii_alphanumeric() || b == b'.' || b == b'-' => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// The filter as a person would say it.
fn words(narrow: &Narrow, unit_name: Option<String>) -> Option<String> {
    let mut words = Vec::new();
    if let Some(state) = narrow.state {
        words.push(format!("状态：{}", state.zh()));
    }
    if let Some(unit) = unit_name {
        words.push(format!("责任单位：{unit}"));
    }
    if narrow.dispatch.is_some() {
        words.push("一期交办".to_owned());
    }
    if let Some(code) = &narrow.category {
        let zh = category(code).map_or(code.as_str(), |c| c.zh.as_str());
        words.push(format!("类别：{zh}"));
    }
    if let Some(q) = narrow.q.as_deref().filter(|q| !q.trim().is_empty()) {
        words.push(format!("含“{q}”"));
    }
    if narrow.overdue {
        words.push("只看逾期".to_owned());
    }
    if narrow.due.is_some() {
        words.push("今日到期".to_owned());
    }
    (!words.is_empty()).then(|| words.join("；"))
}
