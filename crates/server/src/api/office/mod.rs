//! The office's routes, for the console and the units.

mod acts;
mod directory;
mod dispatches;
mod duties;
mod exports;
mod live;
mod people;
mod photos;
mod problems;
mod session;
mod write;

use crate::app::Shared;
use utoipa_axum::{router::OpenApiRouter, routes};

/// All of them.
#[must_use]
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(session::login))
        .routes(routes!(session::logout))
        .routes(routes!(session::me))
        .routes(routes!(directory::catalog))
        .routes(routes!(directory::areas, directory::add_area))
        .routes(routes!(directory::units, directory::add_unit))
        .routes(routes!(directory::sites, directory::add_site))
        .routes(routes!(people::people, people::add))
        .routes(routes!(people::add_code))
        .routes(routes!(duties::duties, duties::plan))
        .routes(routes!(duties::depart))
        .routes(routes!(live::overview))
        .routes(routes!(live::live))
        .routes(routes!(problems::list))
        .routes(routes!(problems::detail))
        .routes(routes!(acts::review))
        .routes(routes!(acts::sign))
        .routes(routes!(acts::refuse))
        .routes(routes!(acts::uphold))
        .routes(routes!(acts::reassign))
        .routes(routes!(acts::recall))
        .routes(routes!(acts::feedback))
        .routes(routes!(acts::extend))
        .routes(routes!(acts::suspend))
        .routes(routes!(acts::resume))
        .routes(routes!(acts::recheck))
        .routes(routes!(acts::send_back))
        .routes(routes!(dispatches::list, dispatches::dispatch))
        .routes(routes!(photos::add))
        .routes(routes!(photos::get))
        .routes(routes!(exports::list))
        .routes(routes!(exports::ledger))
}
