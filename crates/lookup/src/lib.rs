//! The in-memory index that finds a customer while you type. No I/O.
//!
//! An [`Index`] holds every customer of a desk as [`Entry`]. Names fall into words, and each distinct word is kept
//! once, with the customers who have it: a query is compared with some ten thousand words, not with a hundred thousand
//! customers. Three vocabularies differ in what a word is compared by: how it is spelled (kanji, Latin letters), how it
//! sounds (kana, romaji, and the readings that kanji without one may have), and what rests on the desk of an identifier.
//! A 128-bit signature of its letters rules most words out; the others are compared letter by letter, so that an answer
//! is exact and its total is the real one.
//!
//! ```
//! use madoguchi_domain::{CustomerId, customer::Name};
//! use madoguchi_lookup::{Entry, Field, Filter, Index};
//!
//! let mut index = Index::default();
//! index.put(&Entry {
//!     id: CustomerId::from_bits(7),
//!     name: Name { written: "田中 美咲".into(), reading: Some("タナカ ミサキ".into()), ..Name::default() },
//!     identifiers: Vec::new(),
//!     brands: 0b1,
//!     locked: false,
//! });
//! let found = index.find("ﾀﾅｶ", &Filter::default(), &[], 20);
//! assert_eq!((found.total, found.hits[0].field), (1, Field::Reading));
//! ```

mod entry;
mod found;
mod hit;
mod identifier;
mod index;
mod key;
mod query;
mod ranks;
mod term;
mod vocabulary;

pub use entry::{Entry, Handle};
pub use found::{BRANDS, Field, Filter, Found, Hit, Match};
pub use index::Index;
