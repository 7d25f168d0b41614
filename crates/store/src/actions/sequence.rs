//! Which of a desk's numbered actions have arrived. A number that does not come was taken back, lapsed on the desk, or
//! waits there still.

use madoguchi_domain::DeviceId;

use crate::db::{Conn, DbError, execute, fetch_optional, for_update};

/// A number has arrived, done or refused. Numbers may come in any order; `contiguous` is the last without a gap.
pub(super) async fn arrived(conn: &mut Conn, device: DeviceId, sequence: i64) -> Result<(), DbError> {
    let sql = format!("select contiguous from device where device_id = $1{}", for_update(conn));
    let row = fetch_optional!(conn, (i64,), sqlx::AssertSqlSafe(sql.as_str()), device.0)?;
    let Some((mut contiguous,)) = row else { return Ok(()) };
    if sequence <= contiguous {
        return Ok(());
    }
    if sequence > contiguous + 1 {
        execute!(
            conn,
            "insert into device_ahead (device_id, sequence) values ($1, $2) on conflict do nothing",
            device.0,
            sequence
        )?;
        return Ok(());
    }
    contiguous = sequence;
    while execute!(
        conn,
        "delete from device_ahead where device_id = $1 and sequence = $2",
        device.0,
        contiguous + 1
    )? == 1
    {
        contiguous += 1;
    }
    execute!(conn, "update device set contiguous = $1 where device_id = $2", contiguous, device.0)?;
    Ok(())
}
