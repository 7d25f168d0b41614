//! A PostgreSQL of the tests' own: Debian's binaries, a folder and a port of their own, gone with the test process.
//!
//! One cluster serves all tests of a process; each test gets a database of its own from [`database`].
//! A static is never dropped, so the cluster hangs on a pipe instead: a small shell starts it, waits until the pipe
//! closes (the process ended, however it ended), stops it and removes the folder.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Starts the cluster named by `$1` (its binaries) and `$2` (its port), says `ready FOLDER`, and ends it when standard
/// input does. The ICU locale sorts unlike bytes, so that a query that forgot to ask for byte order is caught here.
const KEEPER: &str = r#"
bin=$1; port=$2
dir=$(mktemp -d /tmp/madoguchi-postgres.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
"$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --no-sync \
  --locale=C.UTF-8 --locale-provider=icu --icu-locale=ja >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir -c max_connections=300 \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"$bin/pg_ctl" start --wait --pgdata="$dir/data" --log="$dir/log" --options="$options" >/dev/null 2>&1 \
  || { cat "$dir/log"; exit 1; }
echo "ready $dir"
cat >/dev/null
"$bin/pg_ctl" stop --mode=immediate --pgdata="$dir/data" >/dev/null 2>&1
"#;

/// Tries before giving up: the port is free when it is chosen, and may be taken before PostgreSQL binds it.
const ATTEMPTS: u32 = 3;

/// PostgreSQL did not start; what its programs printed.
struct Refused(String);

/// A running cluster. Dropping it stops PostgreSQL and removes its folder.
struct Cluster {
    keeper: Child,
    /// Closing it is what ends the cluster; `None` only while dropping.
    leash: Option<ChildStdin>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the test of what a cluster leaves behind looks there")
    )]
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    fn start() -> Self {
        let binaries = binaries();
        let mut last = Refused(String::new());
        for _ in 0..ATTEMPTS {
            match Self::attempt(&binaries) {
                Ok(cluster) => return cluster,
                Err(refused) => last = refused,
            }
        }
        panic!("PostgreSQL did not start: {}", last.0);
    }

    fn attempt(binaries: &Path) -> Result<Self, Refused> {
        let port = free_port();
        let mut keeper = as_ordinary_user("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(binaries)
            .arg(port.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0) // Ctrl-C is for the tests; the keeper must outlive them to clean up
            .spawn()
            .expect("sh is on every machine that runs these tests");
        let leash = keeper.stdin.take();
        let mut out = BufReader::new(keeper.stdout.take().expect("standard output is a pipe"));
        let mut said = String::new();
        out.read_line(&mut said).expect("the keeper's output is text");
        if let Some(folder) = said.trim_end().strip_prefix("ready ") {
            return Ok(Self { keeper, leash, folder: folder.into(), port });
        }
        out.read_to_string(&mut said).expect("the keeper's output is text");
        keeper.wait().expect("the keeper ended by itself");
        Err(Refused(said))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.leash = None;
        // Nothing to do about a keeper that cannot be waited for: it is gone.
        let _ = self.keeper.wait();
    }
}

/// Creates an empty database on the process's cluster (started at the first call) and gives its URL,
/// `postgres://postgres@127.0.0.1:PORT/NAME`. It goes away with the cluster.
///
/// # Panics
/// When PostgreSQL is not installed (`cargo xtask test` installs it) or does not start.
pub async fn database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let cluster = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(Cluster::start))
        .await
        .expect("starting PostgreSQL does not panic but with its own message");
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&cluster.url("postgres"))
        .await
        .expect("the cluster answers once it says ready");
    sqlx::query(AssertSqlSafe(format!("create database {name}")))
        .execute(&mut connection)
        .await
        .expect("each test's database has a new name");
    connection.close().await.expect("the connection is idle");
    cluster.url(&name)
}

/// The folder of the newest PostgreSQL that Debian's package brought.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    newest.expect("PostgreSQL is installed: `cargo xtask test` does it, or `apt-get install postgresql`").1
}

/// PostgreSQL refuses to run as root; Debian's package brings the user `postgres`.
fn as_ordinary_user(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().expect("`id` is on every machine that runs these tests");
    if id.stdout.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--", program]);
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn tables(url: &str) -> i64 {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'public'")
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn each_call_gives_an_empty_database_of_its_own() {
        let (one, other) = (database().await, database().await);
        let mut connection = PgConnection::connect(&one).await.unwrap();
        sqlx::query("create table customer (id bigint)").execute(&mut connection).await.unwrap();
        assert_eq!((tables(&one).await, tables(&other).await), (1, 0));
    }

    #[tokio::test]
    async fn text_does_not_sort_by_bytes_unless_asked() {
        let mut connection = PgConnection::connect(&database().await).await.unwrap();
        let (natural, bytes): (bool, bool) =
            sqlx::query_as(r#"select 'a' < 'B', 'a' collate "C" < 'B' collate "C""#)
                .fetch_one(&mut connection)
                .await
                .unwrap();
        assert_eq!((natural, bytes), (true, false));
    }

    #[test]
    fn a_dropped_cluster_leaves_nothing_behind() {
        let cluster = Cluster::start();
        let (folder, port) = (cluster.folder.clone(), cluster.port);
        assert!(folder.join("data").exists());
        drop(cluster);
        assert!(!folder.exists());
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok(), "something still listens on {port}");
    }
}
