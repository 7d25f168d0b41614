//! Enums of the domain as the databases keep them: the word that travels.

use serde::{
    Serialize,
    de::{
        DeserializeOwned, IntoDeserializer,
        value::{Error, StrDeserializer},
    },
};

use super::DbError;

/// The word of a unit variant.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The variant of a word that a row holds.
pub(crate) fn read<T: DeserializeOwned>(word: &str) -> Result<T, DbError> {
    let from: StrDeserializer<'_, Error> = word.into_deserializer();
    T::deserialize(from).map_err(|_| DbError::Unreadable(std::any::type_name::<T>().to_owned()))
}

/// [`read`] for a column that may be empty.
pub(crate) fn read_optional<T: DeserializeOwned>(word: Option<&str>) -> Result<Option<T>, DbError> {
    word.map(read).transpose()
}
