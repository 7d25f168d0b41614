//! What can be wrong with a file and with a row of it, said in English and in Japanese, never with what stood there.

use std::{borrow::Cow, fmt, path::PathBuf};

use crate::db::DbError;

/// The language of an operator's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// The language of a locale such as `ja_JP.UTF-8`; English for all but Japanese.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        if locale == "ja" || locale.starts_with("ja_") || locale.starts_with("ja-") {
            Self::Ja
        } else {
            Self::En
        }
    }

    /// The language of the machine: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    #[must_use]
    pub fn of_machine() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .map_or(Self::En, |value| Self::of_locale(&value))
    }
}

/// Something that is said in either language.
pub trait Say {
    /// The sentence.
    fn say(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// It, to be printed in `language`.
    fn said(&self, language: Language) -> Said<'_, Self>
    where
        Self: Sized,
    {
        Said { what: self, language }
    }
}

/// [`Say`] as something to print.
#[derive(Debug)]
pub struct Said<'a, T> {
    what: &'a T,
    language: Language,
}

impl<T: Say> fmt::Display for Said<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.say(self.language, f)
    }
}

/// Why a file was not taken, or not to its end.
#[derive(Debug)]
pub enum ImportError {
    /// It cannot be read.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is compressed.
    Compressed(PathBuf),
    /// Its form is broken here, so that nothing of it was taken.
    Malformed {
        /// Which file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column, counted from 1; 0 where it is not known.
        column: u64,
        /// What is wrong, in English and in Japanese.
        what: (&'static str, &'static str),
    },
    /// The map cannot be used.
    Map {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: MapFault,
    },
    /// `csv` needs a map, the others take none.
    MapNeeded,
    /// A brand's id is lower-case letters, digits and dashes.
    Brand,
    /// Somebody asked to stop; run again to go on.
    Stopped(super::Summary),
    /// All else is in, these rows are not.
    Refused(super::Summary),
    /// The database failed; batches that were written stay, and run again it goes on.
    Db(DbError),
}

/// What is wrong with a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapFault {
    /// It is not TOML of this form: the parser's words about the operator's own file.
    Form(String),
    /// It does not say which column is the subject.
    NoSubject,
    /// It names a column that the file does not have.
    NoColumn {
        /// The column.
        named: String,
        /// Those that the file has.
        has: Vec<String>,
    },
    /// An encoding that is not known.
    Encoding(String),
    /// An offset that is not like `+09:00`.
    Offset(String),
    /// A delimiter that is not one ASCII character.
    Delimiter,
    /// An identity of a kind that has no issuer of its own needs one.
    NoIssuer,
}

impl From<DbError> for ImportError {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(Language::En, f)
    }
}

impl std::error::Error for ImportError {}

impl Say for ImportError {
    fn say(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Language::{En, Ja};
        match (self, language) {
            (Self::File { path, source }, En) => write!(f, "{} cannot be read: {source}", path.display()),
            (Self::File { path, source }, Ja) => write!(f, "{} を読み込めません: {source}", path.display()),
            (Self::Compressed(path), En) => write!(f, "{} is compressed: unpack it first", path.display()),
            (Self::Compressed(path), Ja) => {
                write!(f, "{} は圧縮されています。先に展開してください", path.display())
            }
            (Self::Malformed { path, line, column, what }, _) => {
                let (file, at) = (path.display(), Place(*line, *column));
                match language {
                    En => write!(f, "{file}:{at}: {}; nothing was taken", what.0),
                    Ja => write!(f, "{file}:{at}: {}。何も取り込みませんでした", what.1),
                }
            }
            (Self::Map { path, what }, _) => write!(f, "{}: {}", path.display(), what.said(language)),
            (Self::MapNeeded, En) => f.write_str("csv needs a map (--map MAP.toml), and only csv takes one"),
            (Self::MapNeeded, Ja) => {
                f.write_str("csv には対応表 (--map MAP.toml) が必要です。ほかの形式では使いません")
            }
            (Self::Brand, En) => f.write_str("a brand's id has lower-case letters, digits and dashes"),
            (Self::Brand, Ja) => f.write_str("ブランドの ID には英小文字、数字、ハイフンを使います"),
            (Self::Stopped(summary), En) => {
                write!(f, "stopped after {}; run it again to go on", summary.said(En))
            }
            (Self::Stopped(summary), Ja) => {
                write!(f, "中断しました（{}）。もう一度実行すると続きから進みます", summary.said(Ja))
            }
            (Self::Refused(summary), En) => write!(f, "{} rows could not be taken", summary.refused),
            (Self::Refused(summary), Ja) => write!(f, "{} 行を取り込めませんでした", summary.refused),
            (Self::Db(error), En) => write!(f, "{error}; run it again to go on"),
            (Self::Db(error), Ja) => {
                write!(f, "{}。もう一度実行すると続きから進みます", in_japanese(error))
            }
        }
    }
}

/// What [`DbError`] says in English.
fn in_japanese(error: &DbError) -> Cow<'static, str> {
    match error {
        DbError::Full => "データベースのディスクに空きがありません".into(),
        DbError::Busy => "データベースが混み合っています".into(),
        DbError::Closed => "データベースが終了しています".into(),
        DbError::Taken(key) => format!("同じキーの行がすでにあります（{key}）").into(),
        DbError::Missing => "データベースに必要な行がありません".into(),
        DbError::Unreadable(what) => format!("データベースに読み取れない行があります（{what}）").into(),
        DbError::Failed { code, .. } => format!("データベースでエラーが起きました（コード {code}）").into(),
    }
}

/// `3` or `3:14`.
struct Place(u64, u64);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(line, 0) => write!(f, "{line}"),
            Self(line, column) => write!(f, "{line}:{column}"),
        }
    }
}

impl Say for MapFault {
    fn say(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Language::{En, Ja};
        match (self, language) {
            (Self::Form(words), En) => write!(f, "the map cannot be read: {words}"),
            (Self::Form(words), Ja) => write!(f, "対応表を読み込めません: {words}"),
            (Self::NoSubject, En) => {
                f.write_str("the map must name the column of the subject: [columns] subject = \"…\"")
            }
            (Self::NoSubject, Ja) => {
                f.write_str("対応表で subject の列を指定してください: [columns] subject = \"…\"")
            }
            (Self::NoColumn { named, has }, En) => {
                write!(
                    f,
                    "the map names the column “{named}”, which the file does not have; it has {}",
                    has.join(", ")
                )
            }
            (Self::NoColumn { named, has }, Ja) => {
                write!(f, "対応表の列「{named}」がファイルにありません。ファイルの列: {}", has.join("、"))
            }
            (Self::Encoding(name), En) => write!(f, "the encoding “{name}” is not known"),
            (Self::Encoding(name), Ja) => write!(f, "文字コード「{name}」は使えません"),
            (Self::Offset(text), En) => write!(f, "the offset “{text}” is not like +09:00"),
            (Self::Offset(text), Ja) => write!(f, "時差「{text}」は +09:00 の形で書いてください"),
            (Self::Delimiter, En) => f.write_str("the delimiter is one ASCII character"),
            (Self::Delimiter, Ja) => f.write_str("区切り文字は半角 1 文字です"),
            (Self::NoIssuer, En) => f.write_str("an identity of kind enterprise or other needs an issuer"),
            (Self::NoIssuer, Ja) => {
                f.write_str("種類が enterprise または other の identity には issuer が必要です")
            }
        }
    }
}

/// Why a row was not taken. Names the field, never its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not JSON.
    NotJson,
    /// It is JSON, but a field has the wrong type.
    Type(String),
    /// It is longer than a row may be.
    TooLong,
    /// Some bytes are no text in this encoding.
    NotText,
    /// It has more or fewer cells than the heading.
    Cells {
        /// How many the heading has.
        heading: usize,
        /// How many it has.
        found: usize,
    },
    /// Nobody knows who it is.
    NoSubject,
    /// It has no name, no address and no number.
    Nobody,
    /// This field is no e-mail address.
    NoEmail,
    /// This field is no date in any of the forms.
    NoDate(&'static str),
    /// This field is neither a yes nor a no.
    NoYes(&'static str),
    /// This field is longer than it may be.
    FieldTooLong(&'static str),
    /// This field holds a NUL character.
    Nul(&'static str),
    /// The same subject stood on this line already.
    Twice(u64),
    /// One of its identities leads into another account already.
    IdentityTaken(String),
}

impl Say for Refusal {
    fn say(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Language::{En, Ja};
        match (self, language) {
            (Self::NotJson, En) => f.write_str("this is not a JSON object"),
            (Self::NotJson, Ja) => f.write_str("JSON オブジェクトではありません"),
            (Self::Type(field), En) => write!(f, "the field {field} has the wrong type"),
            (Self::Type(field), Ja) => write!(f, "項目 {field} の型が違います"),
            (Self::TooLong, En) => f.write_str("the row is too long"),
            (Self::TooLong, Ja) => f.write_str("行が長すぎます"),
            (Self::NotText, En) => f.write_str("some bytes are no text in this encoding"),
            (Self::NotText, Ja) => f.write_str("この文字コードとして読めないバイトがあります"),
            (Self::Cells { heading, found }, En) => {
                write!(f, "it has {found} cells, the heading has {heading}")
            }
            (Self::Cells { heading, found }, Ja) => write!(f, "列の数が {found} です（見出しは {heading}）"),
            (Self::NoSubject, En) => f.write_str("it does not say who it is (no subject)"),
            (Self::NoSubject, Ja) => f.write_str("だれの行かわかりません（subject がありません）"),
            (Self::Nobody, En) => f.write_str("it has no name, no e-mail address and no phone number"),
            (Self::Nobody, Ja) => f.write_str("名前もメールアドレスも電話番号もありません"),
            (Self::NoEmail, En) => f.write_str("email is not an e-mail address"),
            (Self::NoEmail, Ja) => f.write_str("email がメールアドレスの形ではありません"),
            (Self::NoDate(field), En) => write!(f, "{field} is not a date in any of the forms"),
            (Self::NoDate(field), Ja) => write!(f, "{field} を日付として読めません"),
            (Self::NoYes(field), En) => write!(f, "{field} is neither a yes nor a no"),
            (Self::NoYes(field), Ja) => write!(f, "{field} が「はい」でも「いいえ」でもありません"),
            (Self::FieldTooLong(field), En) => write!(f, "{field} is too long"),
            (Self::FieldTooLong(field), Ja) => write!(f, "{field} が長すぎます"),
            (Self::Nul(field), En) => write!(f, "{field} holds a NUL character"),
            (Self::Nul(field), Ja) => write!(f, "{field} に NUL 文字があります"),
            (Self::Twice(line), En) => write!(f, "the same subject stands on line {line}"),
            (Self::Twice(line), Ja) => write!(f, "同じ subject が {line} 行目にあります"),
            (Self::IdentityTaken(issuer), En) => {
                write!(f, "its identity at {issuer} leads into another account already")
            }
            (Self::IdentityTaken(issuer), Ja) => {
                write!(f, "{issuer} の ID は別のアカウントですでに使われています")
            }
        }
    }
}
