//! The routes: thin shells that read a request, call a plain function and write the answer.

pub mod auth;
mod console;
pub mod guard;
pub mod office;
pub mod phone;
pub mod refusal;
pub mod secret;

pub use refusal::{Answer, Refusal};

use crate::app::Shared;
use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue},
    routing::get,
};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, decompression::RequestDecompressionLayer,
    set_header::SetResponseHeaderLayer, timeout::TimeoutLayer, trace::TraceLayer,
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

/// The most bytes of a request body once unpacked: a photo of 64 MiB, or a push.
const BODY_BYTES: usize = 66 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "直查 Zhicha",
        description = "Unannounced spot checks: phones, office, lists. docs/PROTOCOL.md tells the story.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Schemes)
)]
struct Document;

/// How each side signs in.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let parts = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        parts.add_security_scheme("device", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::new(auth::COOKIE);
        parts.add_security_scheme("office", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(phone::router())
        .merge(office::router())
}

/// The document of all routes, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().to_openapi()
}

/// The whole service.
pub fn router(app: Shared) -> Router {
    let (router, document) = routes().split_for_parts();
    let nosniff = SetResponseHeaderLayer::if_not_present(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    router
        .route("/openapi.json", get(|| async move { Json(document) }))
        .fallback(console::file)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(RequestDecompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::REQUEST_TIMEOUT,
            Duration::from_secs(300),
        ))
        .layer(CatchPanicLayer::new())
        .layer(nosniff)
        // Method, route, status and time; never a query, a header or a body.
        .layer(
            TraceLayer::new_for_http().make_span_with(|request: &axum::extract::Request| {
                let route = request
                    .extensions()
                    .get::<axum::extract::MatchedPath>()
                    .map_or("unmatched", axum::extract::MatchedPath::as_str);
                tracing::info_span!("request", method = %request.method(), route)
            }),
        )
        .with_state(app)
}
