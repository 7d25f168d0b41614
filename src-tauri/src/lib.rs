//! The window and nothing else: each command is one line into the desk.

mod clipboard;
mod commands;
mod events;
mod window;

use std::process::ExitCode;

use madoguchi_desk::{Desk, DeskConfig, DeskError};
use tauri::{AppHandle, Manager, RunEvent};

/// The desk behind the window, or why there is none: the window opens all the same and says so.
pub(crate) struct Counter(Result<Desk, DeskError>);

impl Counter {
    pub(crate) fn desk(&self) -> Result<&Desk, DeskError> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

/// Opens the window and stays until it is closed.
#[must_use]
pub fn run() -> ExitCode {
    window::prepare();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .invoke_handler(commands::handler())
        .setup(|app| {
            let desk = tauri::async_runtime::block_on(Desk::open(DeskConfig::from_machine()));
            window::open(app)?;
            if let Ok(desk) = &desk {
                events::forward(app.handle().clone(), desk);
            }
            app.manage(Counter(desk));
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    close(app);
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("madoguchi: the window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The process ends without dropping anything: a desk that is not closed here would be taken for one that crashed.
fn close(app: &AppHandle) {
    if let Some(counter) = app.try_state::<Counter>()
        && let Ok(desk) = counter.desk()
    {
        tauri::async_runtime::block_on(desk.clone().close());
    }
}
