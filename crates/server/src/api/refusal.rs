//! How a route says no: one form, Chinese and English, and a word for programs.
//!
//! Forbidden and absent share [`Refusal::not_found`], whose bytes never differ. What failed inside
//! is logged; the client learns only that it did and that nothing of it was kept.

use crate::{office::Fault, store::StoreError};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use zhicha_domain::{wire::Failure, workflow};

/// A refused request.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    failure: Failure,
}

/// What handlers return.
pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// Any refusal.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, zh: &str, en: &str) -> Self {
        Self {
            status,
            failure: Failure {
                code: code.to_owned(),
                zh: zh.to_owned(),
                en: en.to_owned(),
                retry_after_s: None,
            },
        }
    }

    /// The one answer for what is not there and for what may not be seen.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有这一条，或没有查看权限",
            "not there, or no access",
        )
    }

    /// The request itself is wrong.
    #[must_use]
    pub fn bad_request(code: &str, zh: &str, en: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, zh, en)
    }

    /// It does not fit what is there.
    #[must_use]
    pub fn conflict(code: &str, zh: &str, en: &str) -> Self {
        Self::new(StatusCode::CONFLICT, code, zh, en)
    }

    /// No session, or a dead one.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "没有登录，或登录已过期，请重新登录",
            "not signed in, or the session has ended; sign in again",
        )
    }

    /// A write without the token of its session: another site may have sent it.
    #[must_use]
    pub fn bad_csrf() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "csrf",
            "页面已过期，请刷新后再试",
            "X-CSRF-Token is missing or not this session's; reload the page",
        )
    }

    /// Too many wrong tries.
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        let minutes = retry_after_s.div_ceil(60);
        let mut refusal = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many",
            &format!("错误次数过多，请等 {minutes} 分钟再试"),
            &format!("too many wrong tries; wait {minutes} minutes"),
        );
        refusal.failure.retry_after_s = Some(retry_after_s);
        refusal
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The word for programs.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.failure.code
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let retry = self.failure.retry_after_s;
        let mut response = (self.status, Json(self.failure)).into_response();
        if let Some(seconds) = retry {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store");
        if matches!(error, StoreError::Stopping) {
            let mut refusal = Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "stopping",
                "服务正在停止，请稍后再试",
                "the server is stopping; try again",
            );
            refusal.failure.retry_after_s = Some(5);
            return refusal;
        }
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_fault",
            "服务器处理出错，这一步没有保存，请稍后再试",
            "the server failed; nothing of this step was kept, try again",
        )
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(e) => e.into(),
            Fault::NotFound => Self::not_found(),
            Fault::Step(e) => e.into(),
            Fault::Stale => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale",
                "这条问题刚被别人处理过，请刷新后再看",
                "somebody changed it meanwhile; read it again",
            ),
            Fault::Invalid(w) => Self::bad_request(w.code, &w.zh, &w.en),
            Fault::Conflict(w) => Self::conflict(w.code, &w.zh, &w.en),
        }
    }
}

impl From<workflow::Refusal> for Refusal {
    fn from(refusal: workflow::Refusal) -> Self {
        if refusal == workflow::Refusal::NoRight {
            return Self::not_found();
        }
        // The domain's text carries both languages: 「中文 (English)」.
        let text = refusal.to_string();
        let (zh, en) = text.split_once(" (").unwrap_or((&text, ""));
        Self::conflict(refusal.code(), zh, en.trim_end_matches(')'))
    }
}
