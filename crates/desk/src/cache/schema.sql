-- What a desk may throw away: its share of the customers, as the store sent it.
-- Where the desk stands, as one JSON value, so that it commits with the rows it speaks of.
CREATE TABLE held(one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL) STRICT;
-- Each facet's JSON as received. `round` is the snapshot that brought the row; what an older one left behind is gone.
CREATE TABLE customer(
  id INTEGER PRIMARY KEY, round INTEGER NOT NULL,
  profile TEXT, accounts TEXT, consents TEXT, notes TEXT, actions TEXT, sign_ins TEXT) STRICT;
-- What a line of find results and the lookup index need, so that neither reads a customer whole.
CREATE TABLE find_row(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
-- Customers opened on this desk, for the list of recent ones.
CREATE TABLE opened(id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
-- Customers outside the desk's share, kept because they were opened; the feed does not tell of them.
CREATE TABLE visitor(id INTEGER PRIMARY KEY, fetched_at INTEGER NOT NULL) STRICT;
