//! The desk's events, on to the window.

use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::error::RecvError;

use madoguchi_desk::Desk;

/// The one event the window listens to; its payload is `madoguchi_desk::view::Event`.
pub(crate) const DESK_EVENT: &str = "desk";

/// Sends on every event of `desk` until either side goes.
pub(crate) fn forward(app: AppHandle, desk: &Desk) {
    let mut events = desk.events();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if app.emit(DESK_EVENT, event).is_err() {
                        return;
                    }
                }
                // What was missed is in the next status and in what the window asks for again.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}
