//! JSON as a portal writes it: members in the order given, numbers with the digits they were
//! written with (`7.0` stays `7.0`), which `serde_json::Value` does not promise.

use std::fmt::Write as _;

/// One JSON value, ready to be written once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Bool(bool),
    /// A decimal, exactly as it is to be written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// An object that starts with one member.
    pub(crate) fn with(key: &'static str, value: impl Into<Self>) -> Self {
        Self::Object(vec![(key, value.into())])
    }

    /// A number, written as `digits`.
    pub(crate) fn number(digits: impl Into<String>) -> Self {
        Self::Number(digits.into())
    }

    /// A list of values.
    pub(crate) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// The same object with one member more; anything but an object stays as it is.
    pub(crate) fn and(mut self, key: &'static str, value: impl Into<Self>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((key, value.into()));
        }
        self
    }

    /// The same object with one member more where there is a value.
    pub(crate) fn and_some(self, key: &'static str, value: Option<impl Into<Self>>) -> Self {
        match value {
            Some(value) => self.and(key, value),
            None => self,
        }
    }

    /// The text of this value, without spaces.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Writes this value to the end of `out`.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                out.push('[');
                for (idx, item) in items.iter().enumerate() {
                    if idx > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (idx, (key, value)) in members.iter().enumerate() {
                    if idx > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<Vec<Self>> for Json {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if u32::from(c) < 0x20 => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn keeps_the_order_of_members_and_the_digits_of_numbers() {
        let value = Json::with("z", Json::number("7.0"))
            .and("a", "x\"\\\n\u{1}é")
            .and("l", Json::list([true.into(), Json::number("0.50"), Json::Object(Vec::new())]));
        assert_eq!(value.render(), r#"{"z":7.0,"a":"x\"\\\n\u0001é","l":[true,0.50,{}]}"#);
        assert!(serde_json::from_str::<serde_json::Value>(&value.render()).is_ok());
    }
}
