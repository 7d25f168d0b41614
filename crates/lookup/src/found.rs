//! What is asked for beside the query, and what is answered.

use std::ops::Range;

use madoguchi_domain::CustomerId;

/// How many brands an index tells apart: the bits of [`crate::Entry::brands`].
pub const BRANDS: usize = 32;

/// Which of the matching customers are wanted. Counts are always of all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those who are locked.
    pub locked: bool,
    /// Only those with one of these brands; 0 is any.
    pub brands: u32,
}

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The best matches that pass the filter, best first.
    pub hits: Vec<Hit>,
    /// How many match and pass the filter.
    pub total: usize,
    /// How many match, whatever the filter.
    pub all: usize,
    /// How many of all are locked.
    pub locked: usize,
    /// How many of all have each brand, by its bit.
    pub brands: [usize; BRANDS],
}

/// One customer who matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Who.
    pub id: CustomerId,
    /// Where the match is best; what a list says under *Matched in*.
    pub field: Field,
    /// Every text that matches, with the places to underline; the best field's own first.
    pub matches: Vec<Match>,
}

/// Where one text of a customer matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Which text it is.
    pub field: Field,
    /// The text as it was given to the index.
    pub text: String,
    /// Places in it, in order and apart, counted in characters (Unicode scalar values).
    pub ranges: Vec<Range<usize>>,
}

/// A text of a customer that a query may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The name as it is written.
    Written,
    /// Its reading.
    Reading,
    /// The name in Latin letters.
    Romaji,
    /// A former name.
    Former,
    /// The written name, through a reading that its kanji may have; nobody has told the real one.
    PossibleReading,
    /// The customer id.
    CustomerId,
    /// An e-mail address, or what is shown of it.
    Email,
    /// A phone number, or what is shown of it.
    Phone,
    /// A loyalty number, or what is shown of it.
    Loyalty,
}
