//! The one window: where it may go (nowhere), and what its engine needs.

use tauri::{App, WebviewUrl, WebviewWindowBuilder};

/// Settings that must stand before the engine starts.
pub(crate) fn prepare() {
    #[cfg(target_os = "linux")]
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // WebKitGTK shows a blank window with some graphics drivers otherwise.
        #[expect(
            unsafe_code,
            reason = "no other thread runs yet, so nobody reads the environment at the same time"
        )]
        // SAFETY: called first in `run`, before any thread is started.
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
}

/// Opens the window on our own pages; every other address is refused.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Madoguchi")
        .inner_size(1440.0, 900.0)
        .min_inner_size(1024.0, 640.0)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .initialization_script(language())
        .on_document_title_changed(|window, title| {
            let _ = window.set_title(&title);
        })
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .build()?;
    #[cfg(target_os = "linux")]
    window.with_webview(|view| {
        use webkit2gtk::{InputMethodContextExt, WebViewExt};
        // Without it the page hears nothing of a conversion, and the text being converted floats beside its field.
        if let Some(input_method) = view.inner().input_method_context() {
            input_method.set_enable_preedit(true);
        }
    })?;
    #[cfg(not(target_os = "linux"))]
    let _ = window;
    Ok(())
}

/// Tells the page which language the machine is set to. On Linux the engine knows only of languages whose locale is
/// installed, and the desk's own sentences follow the environment: both are to say the same.
fn language() -> &'static str {
    use madoguchi_desk::words::Language;
    match Language::of_environment() {
        Language::Ja if cfg!(target_os = "linux") => "window.machineLanguage = 'ja';",
        Language::En if cfg!(target_os = "linux") => "window.machineLanguage = 'en';",
        _ => "",
    }
}

/// Whether an address is one of the window's own pages.
fn is_ours(url: &tauri::Url) -> bool {
    let host = url.host_str();
    match url.scheme() {
        "tauri" => host == Some("localhost"),
        "http" | "https" => cfg!(windows) && host == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn the_window_goes_nowhere_but_home() {
        let ours = |text: &str| is_ours(&text.parse().expect("a URL"));
        assert!(ours("tauri://localhost/index.html"));
        for elsewhere in [
            "tauri://localhost.evil.test/",
            "tauri://evil.test/",
            "file:///etc/passwd",
            "https://example.org/",
            "http://tauri.localhost.evil.test/",
            "data:text/html,hello",
            "about:blank",
        ] {
            assert!(!ours(elsewhere), "{elsewhere}");
        }
    }
}
