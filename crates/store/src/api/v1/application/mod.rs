//! The application door: what brands' applications ask and report.

pub(crate) mod may_sign_in;
pub(crate) mod report_session;
pub(crate) mod report_sign_in;
pub(crate) mod session_state;
