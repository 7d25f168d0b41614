//! What an operator is told, in English and in Japanese. A sentence without its Japanese does not compile.

use std::fmt::{Formatter, Result};

use madoguchi_domain::{AgentId, DeviceId};
use madoguchi_secrets::KeyringError;

use crate::{
    ServeError,
    agents::{AgentError, PASSWORD},
    command::CommandError,
    db::{DbError, MigrateError, OpenError, key::KeyError},
    import::{
        Language::{self, En, Ja},
        Say,
    },
    sample::SampleError,
};

/// A request that cannot be read says no language either.
pub(super) const OTHER_VERSION: &str = "the running store is of another version than this command: use the same one, or stop the store first / 動作中のストアとこのコマンドの版が違います。版をそろえるか、先にストアを停止してください";

/// What was done about agents and desks.
pub(super) enum Done<'a> {
    Added(AgentId),
    Scope(&'a str),
    Disabled(&'a str),
    Enabled(&'a str),
    Password(&'a str),
    Revoked(DeviceId),
}

impl Say for Done<'_> {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (Self::Added(id), En) => write!(f, "added {id}"),
            (Self::Added(id), Ja) => write!(f, "追加しました: {id}"),
            (Self::Scope(name), En) => write!(f, "{name} has this scope from now on"),
            (Self::Scope(name), Ja) => write!(f, "{name} の担当範囲を変更しました"),
            (Self::Disabled(name), En) => {
                write!(f, "{name} is disabled, and every sign-in of theirs has ended")
            }
            (Self::Disabled(name), Ja) => {
                write!(f, "{name} を停止し、サインインをすべて終了しました")
            }
            (Self::Enabled(name), En) => write!(f, "{name} may sign in again"),
            (Self::Enabled(name), Ja) => write!(f, "{name} はふたたびサインインできます"),
            (Self::Password(name), En) => {
                write!(f, "{name} has this password from now on, and every sign-in of theirs has ended")
            }
            (Self::Password(name), Ja) => {
                write!(f, "{name} のパスワードを変更し、サインインをすべて終了しました")
            }
            (Self::Revoked(desk), En) => write!(f, "{desk} is revoked, and wipes itself at its next contact"),
            (Self::Revoked(desk), Ja) => {
                write!(f, "{desk} を失効させました。次に接続したとき、端末のデータは消去されます")
            }
        }
    }
}

impl Say for CommandError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (Self::Open(error), _) => error.say(language, f),
            (Self::Serve(error), _) => error.say(language, f),
            (Self::Sample(error), _) => error.say(language, f),
            (Self::Db(error), _) => error.say(language, f),
            (Self::Task(failure), _) => f.write_str(&failure.words),
            (_, En) => write!(f, "{self}"),
            (Self::Answer, Ja) => {
                f.write_str("動作中のストアが回答する前に終了しました。起動を確かめて、もう一度実行してください")
            }
            (Self::NoSocket, Ja) => f.write_str(
                "このシステムでは、動作中のストアにコマンドを渡せません。ストアを停止してから実行してください",
            ),
            (Self::NoPassword, Ja) => f.write_str("標準入力にパスワードがありません。パイプかファイルで渡してください"),
            (Self::Path(error), Ja) => write!(f, "作業フォルダーを使えません: {error}"),
            (Self::Print(error), Ja) => write!(f, "出力できません: {error}"),
        }
    }
}

impl Say for OpenError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (Self::Key(error), _) => error.say(language, f),
            (Self::Migrate(error), _) => error.say(language, f),
            (Self::Db(error), _) => error.say(language, f),
            (_, En) => write!(f, "{self}"),
            (Self::Url, Ja) => {
                f.write_str("データベースは sqlite:PATH または postgres://… の形で指定してください")
            }
            (Self::Clear(host), Ja) => write!(
                f,
                "{host} への接続が暗号化されません。データベースの URL に ?sslmode=verify-full（少なくとも require）を付けてください"
            ),
            (Self::Held { path, holder }, Ja) => write!(
                f,
                "データベース {} はプロセス {holder} が使用中です。同時に使えるプロセスは一つだけなので、先にそちらを終了してください",
                path.display()
            ),
            (Self::WrongKey(path), Ja) => write!(
                f,
                "データベース {} をこの鍵で読めません。正しい鍵と、このプログラムのデータベースであることを確かめてください",
                path.display()
            ),
            (Self::NotEncrypted(path), Ja) => write!(
                f,
                "データベース {} が暗号化されません。SQLCipher 付きでビルドしたプログラムを使ってください",
                path.display()
            ),
            (Self::KeysLost(place), Ja) => write!(
                f,
                "お客様のデータはありますが、その鍵の {place} がありません。バックアップから {place} を戻して、もう一度起動してください"
            ),
            (Self::File { path, source }, Ja) => {
                write!(f, "ファイル {} を使えません: {source}", path.display())
            }
        }
    }
}

impl Say for KeyError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (_, En) => write!(f, "{self}"),
            (Self::File { path, source }, Ja) => {
                write!(f, "鍵ファイル {} を使えません: {source}", path.display())
            }
            (Self::Lost { key, database }, Ja) => write!(
                f,
                "データベース {} はありますが、鍵ファイル {} がありません。作成したときの鍵ファイルを指定してください",
                database.display(),
                key.display()
            ),
            (Self::NotKept(database), Ja) => write!(
                f,
                "データベース {} はありますが、その鍵がキーリングにありません。--key-file で鍵ファイルを指定してください",
                database.display()
            ),
            (Self::Form(place), Ja) => write!(f, "{place} の鍵は 16 進数 64 桁で書いてください"),
            (Self::Open(path), Ja) => write!(
                f,
                "鍵ファイル {} をほかの人も読めます。アクセス権を外してください (chmod 600)",
                path.display()
            ),
            (Self::Keyring(error), Ja) => write!(
                f,
                "データベースは暗号化されていますが、鍵がありません（{}）。--key-file、MADOGUCHI_DATABASE_KEY_FILE、MADOGUCHI_DATABASE_KEY のいずれかで指定してください",
                match error {
                    KeyringError::Absent => "このセッションにはキーリングがありません",
                    KeyringError::Locked => "キーリングがロックされているか、拒否されました",
                    KeyringError::Failed => "キーリングが動きません",
                }
            ),
        }
    }
}

impl Say for MigrateError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (Self::Db(error), _) => error.say(language, f),
            (_, En) => write!(f, "{self}"),
            (Self::Newer { found, known }, Ja) => write!(
                f,
                "このデータベースは新しい版のプログラムで作られています（形式 {found}、この版は {known} まで）。プログラムを更新してください"
            ),
            (Self::Changed(number), Ja) => write!(
                f,
                "このデータベースの移行 {number} が、このプログラムのものと違います。データベースを作った版を使ってください"
            ),
        }
    }
}

impl Say for DbError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (_, En) => write!(f, "{self}"),
            (Self::Full, Ja) => f.write_str("データベースのディスクがいっぱいです。空きを作ってください"),
            (Self::Busy, Ja) => {
                f.write_str("データベースが混み合っています。しばらくしてからもう一度実行してください")
            }
            (Self::Closed, Ja) => f.write_str("データベースは終了処理中です"),
            (Self::Taken(key), Ja) => write!(f, "同じキーの行がすでにあります（{key}）"),
            (Self::Missing, Ja) => f.write_str("必要な行がありません"),
            (Self::Unreadable(what), Ja) => write!(f, "行を読めません: {what}"),
            (Self::Failed { code, words }, Ja) => write!(f, "データベースのエラー（{code}）: {words}"),
        }
    }
}

impl Say for ServeError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (_, En) => write!(f, "{self}"),
            (Self::Clear(ip), Ja) => write!(
                f,
                "{ip} はほかのコンピューターから届くのに、通信が暗号化されません。--tls-cert と --tls-key を指定するか、127.0.0.1 で待ち受けてください"
            ),
            (Self::Tls { path, source }, Ja) => {
                write!(f, "証明書 {} またはその鍵を使えません: {source}", path.display())
            }
            (Self::Listen(error), Ja) => write!(f, "ストアが待ち受けできません: {error}"),
        }
    }
}

impl Say for AgentError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (Self::Db(error), _) => error.say(language, f),
            (_, En) => write!(f, "{self}"),
            (Self::Taken, Ja) => f.write_str("同じ名前の担当者がすでにいます。別の名前にしてください"),
            (Self::Name, Ja) => f.write_str("名前は 1 文字から 64 文字で、前後に空白を入れないでください"),
            (Self::Password, Ja) => write!(f, "パスワードは {PASSWORD} 文字以上にしてください"),
            (Self::Brand(brand), Ja) => write!(f, "ブランド {brand} はありません"),
            (Self::Unknown(name), Ja) => {
                write!(f, "{name} という担当者はいません。agent list で名前を確かめてください")
            }
            (Self::NoDesk(desk), Ja) => write!(f, "端末 {desk} はありません。desk list で確かめてください"),
        }
    }
}

impl Say for SampleError {
    fn say(&self, language: Language, f: &mut Formatter<'_>) -> Result {
        match (self, language) {
            (Self::Db(error), _) => error.say(language, f),
            (_, En) => write!(f, "{self}"),
            (Self::NotEmpty, Ja) => f.write_str(
                "このストアにはすでにお客様がいます。サンプルは空のストアか、同じサンプルにだけ追加できます",
            ),
            (Self::Stopped, Ja) => f.write_str("サンプルの一部を作れませんでした。もう一度実行してください"),
        }
    }
}
