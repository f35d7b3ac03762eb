//! Pages by cursor: stable while rows come in, and as quick on page 1,000 as on page 1.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ApiError;

/// The most rows that one page has.
pub const MAX_LIMIT: i64 = 100;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Hand this back as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// `?limit=…&cursor=…`
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A position in a list: the sort key of the last row seen.
pub trait Cursor: Sized {
    /// As text, opaque to clients.
    fn encode(&self) -> String;
    /// Reads what [`Cursor::encode`] wrote.
    fn decode(text: &str) -> Option<Self>;
}

impl Cursor for (Timestamp, Uuid) {
    fn encode(&self) -> String {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.0.as_microsecond().to_be_bytes());
        bytes[8..].copy_from_slice(self.1.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 24] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (time, id) = bytes.split_at(8);
        let time = Timestamp::from_microsecond(i64::from_be_bytes(time.try_into().ok()?)).ok()?;
        Some((time, Uuid::from_slice(id).ok()?))
    }
}

impl Cursor for (String, Uuid) {
    fn encode(&self) -> String {
        let mut bytes = self.1.as_bytes().to_vec();
        bytes.extend_from_slice(self.0.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, name) = bytes.split_at_checked(16)?;
        Some((String::from_utf8(name.to_vec()).ok()?, Uuid::from_slice(id).ok()?))
    }
}

impl Cursor for Uuid {
    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.as_bytes())
    }

    fn decode(text: &str) -> Option<Self> {
        Uuid::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

impl PageQuery {
    /// Rows on the page.
    ///
    /// # Errors
    /// 422 when it is not 1–100.
    pub fn limit(&self) -> Result<i64, ApiError> {
        match self.limit.unwrap_or(20) {
            limit @ 1..=MAX_LIMIT => Ok(limit),
            other => Err(ApiError::field(
                "limit",
                format!("{other} is not between 1 and {MAX_LIMIT}"),
            )),
        }
    }

    /// Where the page before ended; none for the first page.
    ///
    /// # Errors
    /// 422 when it is not one of ours.
    pub fn after<C: Cursor>(&self) -> Result<Option<C>, ApiError> {
        self.cursor
            .as_deref()
            .map(|text| {
                C::decode(text).ok_or_else(|| {
                    ApiError::field(
                        "cursor",
                        "this is no cursor of this list; leave it out to begin with the first page",
                    )
                })
            })
            .transpose()
    }
}

impl<T> Page<T> {
    /// Makes a page of rows that were asked for with one more than `limit`: the extra row only tells that there are more.
    pub fn from_rows<C: Cursor>(mut items: Vec<T>, limit: i64, position: impl Fn(&T) -> C) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more {
            items.last().map(|last| position(last).encode())
        } else {
            None
        };
        Self { items, next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_way_through_a_url() {
        let time = Timestamp::from_microsecond(1_764_000_000_123_456).unwrap();
        let position = (time, Uuid::from_u128(7));
        assert_eq!(<(Timestamp, Uuid)>::decode(&position.encode()), Some(position));
        let named = ("Zoë".to_owned(), Uuid::from_u128(9));
        assert_eq!(<(String, Uuid)>::decode(&named.encode()), Some(named));
    }

    #[test]
    fn a_forged_cursor_is_refused() {
        for text in ["", "x", "AAAA", "💥"] {
            assert_eq!(<(Timestamp, Uuid)>::decode(text), None);
            assert_eq!(Uuid::decode(text), None);
        }
    }
}
