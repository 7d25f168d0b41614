//! Lookup as a desk uses it: classes of queries, agreement with an oracle, incremental change.

mod classes;
mod corpus;
mod oracle;
mod properties;
