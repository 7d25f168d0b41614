//! Copying, and forgetting what was copied.

use std::time::Duration;

use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;

use madoguchi_desk::view::Failure;

/// How long a revealed value stays on the clipboard.
const SENSITIVE: Duration = Duration::from_secs(60);

/// Copies a text. A sensitive one is taken off the clipboard after a minute, unless something else is there by then.
#[tauri::command]
pub(crate) async fn copy(app: AppHandle, text: String, sensitive: bool) -> Result<(), Failure> {
    app.clipboard()
        .write_text(text.clone())
        .map_err(|_| madoguchi_desk::DeskError::clipboard().failure(Default::default()))?;
    if sensitive {
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(SENSITIVE).await;
            if app.clipboard().read_text().is_ok_and(|now| now == text) {
                let _ = app.clipboard().clear();
            }
        });
    }
    Ok(())
}
