-- What a desk may not lose: its own identity, what its people saved, how they like it.
-- device, sequence, store, agents, preferences: one JSON value each.
CREATE TABLE setting(name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- `envelope` holds exactly the bytes that were signed; `action`, `customer`, `kind` and `lapses_at` repeat parts of it
-- for queries. `state`: saved, sending, done, conflict, refused, lapsed.
CREATE TABLE action(
  sequence INTEGER PRIMARY KEY,
  action BLOB NOT NULL UNIQUE,
  store BLOB NOT NULL,
  agent BLOB NOT NULL,
  customer INTEGER NOT NULL,
  customer_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  envelope TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  signature TEXT NOT NULL,
  lapses_at INTEGER,
  saw TEXT,
  state TEXT NOT NULL,
  tried_at INTEGER,
  answered_at INTEGER,
  answer TEXT,
  problem TEXT) STRICT;
