//! Reading what others sent: a value of the wrong type is absent, and never an error for the values beside it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::timestamp;

/// Any value, kept as far as somebody may ask for it. `T` is what an object is read as.
enum Value<T> {
    Number(f64),
    Text(String),
    Flag(bool),
    Object(T),
    List(Vec<T>),
    Nothing,
}

/// A number; absent when it is anything else.
pub fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Ok(match read::<D, IgnoredAny>(from) {
        Value::Number(number) => Some(number),
        _ => None,
    })
}

/// A string; absent when it is empty or anything else.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match read::<D, IgnoredAny>(from) {
        Value::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    })
}

/// `true` or `false`; absent when it is anything else.
pub fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match read::<D, IgnoredAny>(from) {
        Value::Flag(flag) => Some(flag),
        _ => None,
    })
}

/// A time: RFC 3339 text or milliseconds since 1970; absent when it is anything else.
pub fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    // ±100 million days: what a JavaScript Date can hold.
    const LIMIT: f64 = 8.64e15;
    Ok(match read::<D, IgnoredAny>(from) {
        Value::Text(text) => timestamp::parse(&text),
        Value::Number(ms) if ms.abs() <= LIMIT => Some(ms as i64),
        _ => None,
    })
}

/// An object; the default when it is anything else.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(match read(from) {
        Value::Object(object) => object,
        _ => T::default(),
    })
}

/// The objects of an array; what is not an object is left out.
pub fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(match read(from) {
        Value::List(list) => list,
        _ => Vec::new(),
    })
}

/// A value the format cannot hand over (a JavaScript function, a symbol) is one of the wrong type too.
fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Value<T> {
    Value::deserialize(from).unwrap_or(Value::Nothing)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue(PhantomData))
    }
}

struct AnyValue<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyValue<T> {
    type Value = Value<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value<T>, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<T>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<T>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<T>, E> {
        Ok(if number.is_finite() { Value::Number(number) } else { Value::Nothing })
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<T>, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value<T>, E> {
        Ok(Value::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Value<T>, E> {
        Ok(Value::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Value::Object)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element::<Value<T>>()? {
            if let Value::Object(object) = element {
                list.push(object);
            }
        }
        Ok(Value::List(list))
    }
}
