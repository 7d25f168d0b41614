-- What the store holds, from its first day. Times are microseconds since 1970, enums the words of the domain.
-- Every fact names its customer, the account it came with (none: the customer as a whole) and its source.

create table store (
  single boolean primary key check (single),
  store_id blob not null,
  epoch bigint not null,          -- raised when this data is a copy or a restored backup: older cursors end
  generation bigint not null      -- raised by every start; compared with the file beside the database
);

-- Numbers without gaps: the row stays locked until its transaction is visible, so numbers commit in their order.
create table counter (
  name text primary key,
  value bigint not null,
  at bigint not null              -- the time of the last number; the next one is never earlier
);
insert into counter (name, value, at) values ('change', 0, 0), ('entry', 0, 0);

create table brand (
  brand text primary key,
  name_en text not null,
  name_ja text not null,
  place bigint not null
);

create table purpose (
  brand text not null references brand (brand),
  purpose text not null,
  name_en text not null,
  name_ja text not null,
  place bigint not null,
  primary key (brand, purpose)
) without rowid;

create table notice (
  notice text not null,
  version bigint not null,
  language text not null,
  brand text not null references brand (brand),
  purpose text not null,
  text text not null,
  shown_from bigint not null,
  primary key (notice, version, language)
) without rowid;

-- Customers -----------------------------------------------------------------------------------------------------

create table customer (
  customer_id bigint primary key,
  source text not null,
  pseudonym blob not null unique,  -- random; stands for the customer in the ledger
  entry_head blob,                 -- hash of their latest ledger entry
  written text not null,
  reading text,
  romaji text,
  former text,
  languages text not null,          -- JSON list of BCP 47
  time_zone text,
  country text,
  tier text,
  since bigint not null,
  version bigint not null
);

-- Which customer speaks for which: a merge is a link here, and nothing else moves.
create table customer_link (
  head bigint not null references customer (customer_id),
  member bigint not null unique references customer (customer_id),
  primary key (head, member)
) without rowid;

create table customer_brand (
  customer_id bigint not null references customer (customer_id),
  brand text not null references brand (brand),
  source text not null,
  place bigint not null,
  left_seq bigint,                  -- the change with which they left the brand
  primary key (customer_id, brand)
) without rowid;
create index customer_brand_left on customer_brand (left_seq) where left_seq is not null;
create index customer_brand_brand on customer_brand (brand, customer_id);

create table identifier (
  identifier_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob,
  source text not null,
  kind text not null,
  value text not null,              -- as it is shown when revealed
  normalised text not null,         -- as it is compared
  masked text not null,
  verified_at bigint,
  held_since bigint not null,
  place bigint not null
);
create index identifier_customer on identifier (customer_id, kind, place);

-- Every tail of every folded name and identifier, cut short: what stands inside a value is the start of one of them.
create table find (
  tail text not null,
  customer_id bigint not null,
  field text not null,
  primary key (tail, customer_id, field)
) without rowid;
create index find_customer on find (customer_id);

-- Accounts ------------------------------------------------------------------------------------------------------

create table account (
  account_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  source text not null,
  issuer text not null,
  brand text not null references brand (brand),
  external_id text not null,        -- the user's id at the issuer
  digest blob,                     -- of the row it was imported from, to see whether it changed
  authority text not null,
  lock_version bigint not null,
  session_epoch bigint not null,
  since bigint not null,
  unique (issuer, brand, external_id)
);
create index account_customer on account (customer_id);

create table identity (
  identity_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob not null references account (account_id),
  source text not null,
  brand text not null,
  kind text not null,
  issuer text not null,
  subject text not null,
  masked text not null,
  linked_at bigint not null,
  last_sign_in bigint,
  unique (issuer, subject, brand)
);
create index identity_customer on identity (customer_id);
create index identity_account on identity (account);

create table session (
  session_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob not null references account (account_id),
  source text not null,
  started_at bigint not null,
  last_seen_at bigint not null,
  device text not null,
  client text not null,
  place text,
  ended_at bigint,
  ended_by text
);
create index session_live on session (customer_id) where ended_at is null;
create index session_account on session (account);

create table account_lock (
  lock_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob not null references account (account_id),
  source text not null,
  scope_identity blob references identity (identity_id),  -- none: the whole account
  cause text not null,
  since bigint not null,
  until_at bigint,
  set_by text not null,
  note text,
  version bigint not null,
  ended_at bigint,
  ended_by text,
  ended_version bigint              -- the account's lock_version once it had ended
);
create index account_lock_standing on account_lock (customer_id) where ended_at is null;
create index account_lock_account on account_lock (account);

create table sign_in (
  sign_in_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob not null references account (account_id),
  source text not null,
  identity_kind text not null,
  at bigint not null,
  received_at bigint not null,
  outcome text not null,
  cause text,
  address text,
  place text,
  device text,
  client text,
  channel text not null,
  new_address boolean not null,
  rule_epoch bigint not null        -- the account's lock_version when it came: failures before an unlock do not count again
);
create index sign_in_customer on sign_in (customer_id, at, sign_in_id);
create index sign_in_account on sign_in (account, at);

-- Consent and history -------------------------------------------------------------------------------------------

create table consent_event (
  event_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob,
  source text not null,
  brand text not null,
  purpose text not null,
  change text not null,
  method text not null,
  said_by text not null,
  notice text,
  notice_version bigint,
  notice_language text,
  captured_at bigint not null,
  received_at bigint not null,
  until_at bigint
);
create index consent_event_customer on consent_event (customer_id, captured_at);

create table note (
  note_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob,
  source text not null,
  text text not null,
  written_by text not null,
  at bigint not null,
  case_ref text
);
create index note_customer on note (customer_id, at);

-- What was asked for and done. A row is claimed before the effect and completed with the answer, in one transaction.
create table action (
  action_id blob primary key,
  customer_id bigint not null references customer (customer_id),
  account blob,
  source text not null,
  fingerprint blob not null,       -- SHA-256 of the signed bytes
  device_id blob,
  sequence bigint,
  agent_id blob,
  kind text not null,
  done_by text not null,
  at bigint not null,
  captured_at bigint not null,
  reason text,
  words text,
  case_ref text,
  entry bigint,
  lock_cause text,
  revealed_kind text,
  subject blob,                     -- the lock, session or identifier it was about
  answer text                       -- JSON of what was done; a revealed value is never in it
);
create index action_customer on action (customer_id, at);

-- The body that an id first came with, where it was refused: the same id never means another one.
create table action_refused (
  action_id blob primary key,
  fingerprint blob not null,       -- SHA-256 of the signed bytes
  at bigint not null
) without rowid;

-- The ledger's entries, in the order of their commits.
create table entry (
  number bigint primary key,
  customer_id bigint not null references customer (customer_id),
  account blob,
  source text not null,
  kind text not null,
  at bigint not null,
  canonical blob not null,         -- what is hashed
  hash blob not null,
  payload blob not null            -- what it commits to, sealed under the customer's own key
);
create index entry_customer on entry (customer_id, number);

-- What changed last when, by customer and facet; `whole` stands for every facet. Never a value.
create table change (
  customer_id bigint not null,
  facet text not null,
  seq bigint not null,
  at bigint not null,
  primary key (customer_id, facet)
) without rowid;
create index change_seq on change (seq);

-- Agents and their desks ----------------------------------------------------------------------------------------

create table agent (
  agent_id blob primary key,
  name text not null unique,
  display_name text not null,
  role text not null,
  password_hash text not null,
  scope_version bigint not null,
  created_at bigint not null,
  disabled_at bigint
);

-- Every scope an agent ever had, so that a desk with an older one can be told the difference.
create table agent_scope (
  agent_id blob not null references agent (agent_id),
  version bigint not null,
  brands text not null,             -- JSON list; empty: every brand
  desk_brands text not null,        -- JSON list; empty: as `brands`
  primary key (agent_id, version)
) without rowid;

create table device (
  device_id blob primary key,
  agent_id blob not null references agent (agent_id),
  public_key blob not null,
  label text not null,
  registered_at bigint not null,
  last_seen_at bigint not null,
  revoked_at bigint,
  contiguous bigint not null        -- every action up to this number has arrived
);

-- Numbers of a device's actions that arrived ahead of a missing one.
create table device_ahead (
  device_id blob not null references device (device_id),
  sequence bigint not null,
  primary key (device_id, sequence)
) without rowid;

-- One sign-in of an agent: every token that came of it ends with it.
create table login (
  login_id blob primary key,
  agent_id blob not null references agent (agent_id),
  device_id blob references device (device_id),
  started_at bigint not null,
  revoked_at bigint
);
create index login_agent on login (agent_id);

create table access_token (
  hash blob primary key,
  login_id blob not null references login (login_id),
  until_at bigint not null
) without rowid;
create index access_token_until on access_token (until_at);

create table refresh_token (
  hash blob primary key,
  login_id blob not null references login (login_id),
  until_at bigint not null,
  used_at bigint
) without rowid;
create index refresh_token_until on refresh_token (until_at);

-- Failed sign-ins to the store, by the hash of a name or of an address.
create table attempt (
  subject blob primary key,
  failures bigint not null,
  last_at bigint not null,
  until_at bigint not null
) without rowid;
create index attempt_last on attempt (last_at);

create table audit (
  audit_id blob primary key,
  at bigint not null,
  agent_id blob,
  device_id blob,
  login_id blob,
  verb text not null,
  customer_id bigint,
  account blob,
  action_id blob,
  outcome text not null,            -- `done`, or the code of the refusal
  reason text,
  case_ref text
);
create index audit_customer on audit (customer_id, at);
create index audit_at on audit (at);
create index audit_agent on audit (agent_id, at);
