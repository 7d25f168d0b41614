//! A device and a program in words, from what a client says of itself.

/// Longest word kept of a client that is not known.
const LONGEST: usize = 40;

/// The device and the program of a User-Agent header; a text of the application's own is kept as the program.
#[must_use]
pub(crate) fn of(user_agent: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(text) = user_agent.map(str::trim).filter(|text| !text.is_empty()) else { return (None, None) };
    let devices = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    ];
    let device = devices.iter().find(|(mark, _)| text.contains(mark)).map(|(_, word)| (*word).to_owned());
    // In this order: each program also names those before which it pretends to be.
    let programs = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    let program = programs.iter().find_map(|(mark, word)| {
        let version: String = text.split(mark).nth(1)?.chars().take_while(char::is_ascii_digit).collect();
        Some(if version.is_empty() { (*word).to_owned() } else { format!("{word} {version}") })
    });
    let own = || text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (device, Some(program.unwrap_or_else(own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_by_their_names() {
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1";
        assert_eq!(of(Some(safari)), (Some("iPhone".to_owned()), Some("Safari 19".to_owned())));
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(of(Some(edge)), (Some("Windows".to_owned()), Some("Edge 140".to_owned())));
        assert_eq!(of(Some("App 8.2")), (None, Some("App 8.2".to_owned())));
        assert_eq!(of(Some(" ")), (None, None));
    }
}
