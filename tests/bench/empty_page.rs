//! The limit of the benchmark `cold-start`: the window's engine on a page that is nothing but a box to type in.
//! The window's title says when the box has the focus.

#[cfg(target_os = "linux")]
fn main() {
    use gtk::prelude::*;
    use webkit2gtk::{WebView, WebViewExt};

    gtk::init().expect("there is a screen");
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_default_size(1440, 900);
    let view = WebView::new();
    let titled = window.clone();
    view.connect_title_notify(move |view| {
        titled.set_title(&view.title().unwrap_or_default());
    });
    view.load_html(
        "<!doctype html><meta charset=utf-8><body><input><script>
            const box = document.querySelector('input');
            box.addEventListener('focus', () => { document.title = 'focused'; });
            box.focus();
        </script>",
        None,
    );
    window.add(&view);
    window.show_all();
    gtk::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("the engine of this system has no empty page to measure against");
    std::process::exit(1);
}
