//! Who issues an identity, and what sort it is.

use madoguchi_domain::account::IdentityKind;

/// Google's issuer, as its ID tokens name it.
pub(super) const GOOGLE: &str = "https://accounts.google.com";
/// Apple's.
pub(super) const APPLE: &str = "https://appleid.apple.com";
/// LINE's.
pub(super) const LINE: &str = "https://access.line.me";
/// Facebook's.
pub(super) const FACEBOOK: &str = "https://www.facebook.com";

/// The issuer of a kind that has one for the whole world.
pub(super) const fn issuer_of(kind: IdentityKind) -> Option<&'static str> {
    match kind {
        IdentityKind::Google => Some(GOOGLE),
        IdentityKind::Facebook => Some(FACEBOOK),
        IdentityKind::Apple => Some(APPLE),
        IdentityKind::Line => Some(LINE),
        IdentityKind::Password | IdentityKind::Enterprise | IdentityKind::Other => None,
    }
}

/// The kind of an issuer that is known; of others, nothing can be said.
pub(super) fn kind_of(issuer: &str) -> Option<IdentityKind> {
    let issuer = issuer.trim_end_matches('/');
    match issuer {
        GOOGLE | "accounts.google.com" => Some(IdentityKind::Google),
        APPLE => Some(IdentityKind::Apple),
        LINE => Some(IdentityKind::Line),
        FACEBOOK | "https://facebook.com" => Some(IdentityKind::Facebook),
        _ => None,
    }
}

/// The kind and issuer behind a provider's usual name: `google`, `google-oauth2`, `line`.
pub(super) fn named(name: &str) -> Option<(IdentityKind, &'static str)> {
    let kind = match name.to_ascii_lowercase().as_str() {
        "google" | "google-oauth2" => IdentityKind::Google,
        "facebook" => IdentityKind::Facebook,
        "apple" => IdentityKind::Apple,
        "line" => IdentityKind::Line,
        "github" => return Some((IdentityKind::Other, "https://github.com")),
        "twitter" => return Some((IdentityKind::Other, "https://twitter.com")),
        "linkedin" => return Some((IdentityKind::Other, "https://www.linkedin.com")),
        "windowslive" => return Some((IdentityKind::Other, "https://login.live.com")),
        _ => return None,
    };
    issuer_of(kind).map(|issuer| (kind, issuer))
}
