//! The life of a problem, from hand-over to 销号.
//!
//! [`step`] is the whole rule: given the state, the event, who acts and the facts of the case it
//! gives the next state or the reason why not. It changes nothing itself. A refusal is an answer for
//! a person at a console; a fact that a phone recorded is never refused by it (it lands as a comment
//! instead, which is the server's doing).

mod event;
mod state;
mod step;

pub use event::Event;
pub use state::State;
pub use step::{CaseFacts, RECALL_MS, Refusal, possible, step};
