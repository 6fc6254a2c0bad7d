//! `GET|POST /v1/areas`, `/v1/units`, `/v1/sites`; `GET /v1/catalog`.

use super::write::Write;
use crate::{
    api::{Answer, auth::Office},
    app::Shared,
    office::{
        act::REASONS,
        directory::{self, NewArea, NewSite, NewUnit},
    },
    store::directory as rows,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::{
    catalog::{
        Category, DeadlineClass, MANUAL_EDITION, SiteType, categories, deadline_classes, site_types,
    },
    rights::Act,
};

/// The words a form chooses from.
#[derive(Serialize, ToSchema)]
pub(super) struct Catalog {
    /// Edition of the manual.
    manual: &'static str,
    /// 问题类别
    categories: &'static [Category],
    /// 点位类型
    site_types: &'static [SiteType],
    /// 整改类型
    deadline_classes: &'static [DeadlineClass],
    /// Reasons for sending back or not filing.
    reasons: [&'static str; 8],
}

/// Categories, site types, classes of deadline, reasons.
#[utoipa::path(
    get, path = "/v1/catalog", tag = "office",
    responses((status = 200, body = Catalog), (status = 401)), security(("office" = []))
)]
pub(super) async fn catalog(_: Office) -> Json<Catalog> {
    Json(Catalog {
        manual: MANUAL_EDITION,
        categories: categories(),
        site_types: site_types(),
        deadline_classes: deadline_classes(),
        reasons: REASONS,
    })
}

/// All areas.
#[derive(Serialize, ToSchema)]
pub(super) struct Areas {
    areas: Vec<rows::Area>,
}

/// All areas, by name.
#[utoipa::path(
    get, path = "/v1/areas", tag = "directory",
    responses((status = 200, body = Areas), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn areas(State(app): State<Shared>, by: Office) -> Answer<Json<Areas>> {
    by.may(Act::ReadDirectory)?;
    let city = app.city.city;
    let areas = app.read(move |db| rows::areas(db, city)).await?;
    Ok(Json(Areas { areas }))
}

/// Adds an area.
#[utoipa::path(
    post, path = "/v1/areas", tag = "directory", request_body = NewArea,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = rows::Area), (status = 400), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn add_area(State(app): State<Shared>, write: Write<NewArea>) -> Answer<Response> {
    write.by.may(Act::EditDirectory)?;
    let Write { once, body, .. } = write;
    once.run(&app, StatusCode::CREATED, move |tx, id, _| {
        directory::add_area(tx, body, id().into())
    })
    .await
}

/// All units.
#[derive(Serialize, ToSchema)]
pub(super) struct Units {
    units: Vec<rows::Unit>,
}

/// All units, by name.
#[utoipa::path(
    get, path = "/v1/units", tag = "directory",
    responses((status = 200, body = Units), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn units(State(app): State<Shared>, by: Office) -> Answer<Json<Units>> {
    by.may(Act::ReadDirectory)?;
    let city = app.city.city;
    let units = app.read(move |db| rows::units(db, city)).await?;
    Ok(Json(Units { units }))
}

/// Adds a unit.
#[utoipa::path(
    post, path = "/v1/units", tag = "directory", request_body = NewUnit,
    params(("Idempotency-Key" = String, Header)),
    responses(
        (status = 201, body = rows::Unit), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "the name is taken"),
    ),
    security(("office" = []))
)]
pub(super) async fn add_unit(State(app): State<Shared>, write: Write<NewUnit>) -> Answer<Response> {
    write.by.may(Act::EditDirectory)?;
    let Write { once, body, .. } = write;
    once.run(&app, StatusCode::CREATED, move |tx, id, _| {
        directory::add_unit(tx, &body, id().into())
    })
    .await
}

/// All sites.
#[derive(Serialize, ToSchema)]
pub(super) struct Sites {
    sites: Vec<rows::Site>,
}

/// All sites, by name; nothing ties them to a duty.
#[utoipa::path(
    get, path = "/v1/sites", tag = "directory",
    responses((status = 200, body = Sites), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn sites(State(app): State<Shared>, by: Office) -> Answer<Json<Sites>> {
    by.may(Act::ReadDirectory)?;
    let city = app.city.city;
    let sites = app.read(move |db| rows::sites(db, city)).await?;
    Ok(Json(Sites { sites }))
}

/// Adds a site.
#[utoipa::path(
    post, path = "/v1/sites", tag = "directory", request_body = NewSite,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = rows::Site), (status = 400), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn add_site(State(app): State<Shared>, write: Write<NewSite>) -> Answer<Response> {
    write.by.may(Act::EditDirectory)?;
    let Write { once, body, .. } = write;
    once.run(&app, StatusCode::CREATED, move |tx, id, _| {
        directory::add_site(tx, body, id().into())
    })
    .await
}
