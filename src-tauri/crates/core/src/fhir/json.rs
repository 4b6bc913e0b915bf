//! A tolerant JSON reader that keeps what a strict one loses: a number's exact text (7.0 is not 7),
//! duplicate keys, the byte span of every value, and everything before a tear.
//!
//! It borrows from the input, never panics, and reads input of any depth in bounded stack: what lies
//! deeper than [`MAX_DEPTH`] is kept as one opaque slice.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// How many arrays and objects may stand in each other before the rest is kept unread.
pub const MAX_DEPTH: usize = 200;

/// Reads `bytes` as JSON and gives what could be read, with what was wrong.
pub fn parse(bytes: &[u8]) -> Document<'_> {
    let mut parser = Parser { bytes, at: 0, flaws: Vec::new(), torn: false };
    if bytes.starts_with(b"\xef\xbb\xbf") {
        parser.at = 3;
        parser.flaw(0, Flaw::ByteOrderMark);
    }
    parser.skip_space();
    let root = parser.value(0);
    if root.is_some() && !parser.torn {
        parser.skip_space();
        if parser.at < bytes.len() {
            parser.flaw(parser.at, Flaw::TrailingText);
        }
    }
    Document { root, flaws: parser.flaws }
}

/// What [`parse`] made of its input.
#[derive(Debug)]
pub struct Document<'a> {
    /// The value; `None` where the input does not begin as JSON does.
    pub root: Option<Value<'a>>,
    /// What was wrong with the text, in order of place.
    pub flaws: Vec<FlawAt>,
}

/// Something wrong with the text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlawAt {
    /// The byte it was found at.
    pub at: usize,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What can be wrong with JSON text that is read nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It begins with a byte order mark.
    #[error("The text begins with a byte order mark.")]
    ByteOrderMark,
    /// Bytes that are no UTF-8 stand in a text.
    #[error("Some characters were sent in an unknown encoding and are shown as \u{fffd}.")]
    InvalidUtf8,
    /// A key occurs twice in one object.
    #[error("The same field was sent twice; both are kept.")]
    DuplicateKey,
    /// A control character stands unescaped in a text.
    #[error("A text holds a raw control character.")]
    ControlCharacter,
    /// A backslash is followed by something JSON does not know.
    #[error("A text holds an escape sequence that JSON does not know.")]
    BadEscape,
    /// Half of a surrogate pair.
    #[error("A text holds half of a character.")]
    LoneSurrogate,
    /// A number JSON does not allow (`+1`, `.5`, `007`).
    #[error("A number is not written as JSON wants it; its digits are kept.")]
    OddNumber,
    /// A comma with nothing after it.
    #[error("A list ends with a comma.")]
    TrailingComma,
    /// Deeper than [`MAX_DEPTH`].
    #[error("The data is nested too deeply; the inner part is kept unread.")]
    TooDeep,
    /// The text ends, or stops being JSON, before its last bracket.
    #[error("The data breaks off before its end.")]
    Torn,
    /// Something stands after the value.
    #[error("There is more text after the end of the data.")]
    TrailingText,
}

/// A JSON value that knows where it stood.
#[derive(Debug)]
pub struct Value<'a> {
    node: Node<'a>,
    // Four bytes each keep the tree small; an answer of the portal is far below their limit.
    start: u32,
    end: u32,
    whole: bool,
    told: Cell<bool>,
}

/// What a value is.
#[derive(Debug)]
pub enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as its exact text.
    Number(&'a str),
    /// A text, unescaped.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Value<'a>>),
    /// An object, its members in order, duplicates included.
    Object(Vec<Member<'a>>),
    /// Nested too deeply to be read: the text as it stands.
    Opaque(Cow<'a, str>),
}

/// A key and its value.
#[derive(Debug)]
pub struct Member<'a> {
    /// The key.
    pub key: Cow<'a, str>,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Value<'a> {
    /// What it is.
    pub fn node(&self) -> &Node<'a> {
        &self.node
    }

    /// The bytes of the input it was read from.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it was read to its end (`false` where the input is torn inside it).
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// The first member of that name. Where a list stands in place of an object, that of its first
    /// item: one arrives where many are due, and the other way round.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match &self.node {
            Node::Object(members) => {
                members.iter().find(|member| member.key == key).map(|member| &member.value)
            }
            Node::Array(items) => items.first().and_then(|item| item.get(key)),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Opaque(_) => {
                None
            }
        }
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> &[Member<'a>] {
        match &self.node {
            Node::Object(members) => members,
            Node::Null
            | Node::Bool(_)
            | Node::Number(_)
            | Node::String(_)
            | Node::Array(_)
            | Node::Opaque(_) => &[],
        }
    }

    /// The items of a list, or the value itself where it is none; nothing for `null`.
    pub fn each(&self) -> impl Iterator<Item = &Value<'a>> {
        let items: &[Value<'a>] = match &self.node {
            Node::Array(items) => items,
            Node::Null => &[],
            Node::Bool(_)
            | Node::Number(_)
            | Node::String(_)
            | Node::Object(_)
            | Node::Opaque(_) => std::slice::from_ref(self),
        };
        items.iter().filter(|item| !matches!(item.node, Node::Null))
    }

    /// The text of a string (the first one's, of a list).
    pub fn str(&self) -> Option<&str> {
        match &self.node {
            Node::String(text) => Some(text),
            Node::Array(items) => items.first().and_then(Value::str),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Object(_) | Node::Opaque(_) => {
                None
            }
        }
    }

    /// The text of a string, a number, a truth value, or an unread part; nothing for the others.
    pub fn scalar(&self) -> Option<&str> {
        match &self.node {
            Node::String(text) | Node::Opaque(text) => Some(text),
            Node::Number(text) => Some(text),
            Node::Bool(true) => Some("true"),
            Node::Bool(false) => Some("false"),
            Node::Null | Node::Array(_) | Node::Object(_) => None,
        }
    }

    /// A truth value, also where it was sent as text.
    pub fn bool(&self) -> Option<bool> {
        match &self.node {
            Node::Bool(value) => Some(*value),
            Node::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Node::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Node::Array(items) => items.first().and_then(Value::bool),
            Node::Null | Node::Number(_) | Node::String(_) | Node::Object(_) | Node::Opaque(_) => {
                None
            }
        }
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.node, Node::Object(_))
    }

    /// Notes that it, with all that is in it, has been told.
    pub fn mark(&self) {
        match &self.node {
            Node::Array(items) => items.iter().for_each(Value::mark),
            Node::Object(members) => members.iter().for_each(|member| member.value.mark()),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Opaque(_) => {
                self.told.set(true)
            }
        }
    }

    /// Whether something in it has not been told. `null`, empty lists and empty texts say nothing.
    pub fn is_untold(&self) -> bool {
        match &self.node {
            Node::Array(items) => items.iter().any(Value::is_untold),
            Node::Object(members) => members.iter().any(|member| member.value.is_untold()),
            Node::Null => false,
            Node::String(text) => !self.told.get() && !text.trim().is_empty(),
            Node::Bool(_) | Node::Number(_) | Node::Opaque(_) => !self.told.get(),
        }
    }

    /// The path of the innermost value that spans the byte `at`: `code.coding[0].display`.
    pub fn path_at(&self, at: usize) -> String {
        let mut path = String::new();
        let mut value = self;
        loop {
            let inner = match &value.node {
                Node::Object(members) => {
                    members.iter().find(|member| member.value.span().contains(&at)).map(|member| {
                        if !path.is_empty() {
                            path.push('.');
                        }
                        path.push_str(&member.key);
                        &member.value
                    })
                }
                Node::Array(items) => {
                    items.iter().enumerate().find(|(_, item)| item.span().contains(&at)).map(
                        |(idx, item)| {
                            path.push_str(&format!("[{idx}]"));
                            item
                        },
                    )
                }
                Node::Null
                | Node::Bool(_)
                | Node::Number(_)
                | Node::String(_)
                | Node::Opaque(_) => None,
            };
            match inner {
                Some(inner) => value = inner,
                None => return path,
            }
        }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    flaws: Vec<FlawAt>,
    torn: bool,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    fn flaw(&mut self, at: usize, flaw: Flaw) {
        // A hostile text could have millions; the first few tell the story.
        if self.flaws.len() < 64 {
            self.flaws.push(FlawAt { at, flaw });
        }
    }

    fn tear(&mut self) {
        if !self.torn {
            self.torn = true;
            self.flaws.push(FlawAt { at: self.at, flaw: Flaw::Torn });
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Reads the value that begins here; `None`, and torn, where none does.
    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let start = self.at;
        let node = match self.peek() {
            Some(b'"') => {
                self.at += 1;
                Node::String(self.string())
            }
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                self.flaw(start, Flaw::TooDeep);
                self.skip_nested();
                Node::Opaque(String::from_utf8_lossy(self.slice(start, self.at)))
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b't') if self.word(b"true") => Node::Bool(true),
            Some(b'f') if self.word(b"false") => Node::Bool(false),
            Some(b'n') if self.word(b"null") => Node::Null,
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(depth)?,
            Some(_) | None => {
                self.tear();
                return None;
            }
        };
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Some(Value {
            node,
            start: place(start),
            end: place(self.at),
            whole: !self.torn,
            told: Cell::new(false),
        })
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let found = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if found {
            self.at += word.len();
        }
        found
    }

    fn number(&mut self, depth: usize) -> Option<Node<'a>> {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        let text = std::str::from_utf8(self.slice(start, self.at)).unwrap_or_default();
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            self.at = start;
            self.tear();
            return None;
        }
        if !is_json_number(text) {
            self.flaw(start, Flaw::OddNumber);
        }
        // A number at the very end of a torn text may have lost digits.
        if depth > 0 && self.at == self.bytes.len() {
            self.tear();
        }
        Some(Node::Number(text))
    }

    fn object(&mut self, depth: usize) -> Node<'a> {
        let start = self.at;
        self.at += 1;
        let mut members: Vec<Member<'a>> = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'}') => {
                    if !members.is_empty() {
                        self.flaw(self.at, Flaw::TrailingComma);
                    }
                    self.at += 1;
                    break;
                }
                Some(b'"') => self.at += 1,
                Some(_) | None => {
                    self.tear();
                    break;
                }
            }
            let key = self.string();
            self.skip_space();
            if self.torn || self.peek() != Some(b':') {
                self.tear();
                break;
            }
            self.at += 1;
            self.skip_space();
            if let Some(value) = self.value(depth + 1) {
                members.push(Member { key, value });
            }
            if self.torn || self.end_of_list(b'}') {
                break;
            }
        }
        if has_duplicate(&members) {
            self.flaw(start, Flaw::DuplicateKey);
        }
        Node::Object(members)
    }

    fn array(&mut self, depth: usize) -> Node<'a> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                if !items.is_empty() {
                    self.flaw(self.at, Flaw::TrailingComma);
                }
                self.at += 1;
                break;
            }
            if let Some(value) = self.value(depth + 1) {
                items.push(value);
            }
            if self.torn || self.end_of_list(b']') {
                break;
            }
        }
        Node::Array(items)
    }

    /// Goes past a comma (`false`: there is more) or the closing bracket; anything else is a tear.
    fn end_of_list(&mut self, close: u8) -> bool {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                false
            }
            Some(byte) if byte == close => {
                self.at += 1;
                true
            }
            Some(_) | None => {
                self.tear();
                true
            }
        }
    }

    /// Reads a string whose opening quote has been passed.
    fn string(&mut self) -> Cow<'a, str> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let plain = rest
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
            .unwrap_or(rest.len());
        self.at = start + plain;
        if self.peek() == Some(b'"') {
            let text = self.text(start, self.at);
            self.at += 1;
            return text;
        }
        self.escaped_string(start)
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> Cow<'a, str> {
        let mut text = self.text(start, self.at).into_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Cow::Owned(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut text);
                }
                Some(byte @ 0..=0x1f) => {
                    self.flaw(self.at, Flaw::ControlCharacter);
                    text.push(char::from(byte));
                    self.at += 1;
                }
                Some(_) => {
                    let from = self.at;
                    let rest = self.bytes.get(from..).unwrap_or_default();
                    let plain = rest
                        .iter()
                        .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
                        .unwrap_or(rest.len());
                    self.at = from + plain;
                    text.push_str(&self.text(from, self.at));
                }
                None => {
                    self.tear();
                    return Cow::Owned(text);
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) {
        let at = self.at;
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(text),
            _ => {
                // The backslash stands for itself, and what follows is read as plain text.
                self.at = at;
                self.flaw(at, Flaw::BadEscape);
                text.push('\\');
                return;
            }
        };
        text.push(plain);
    }

    fn unicode_escape(&mut self, text: &mut String) {
        let at = self.at;
        let Some(first) = self.hex4() else {
            self.flaw(at, Flaw::BadEscape);
            text.push_str("\\u");
            return;
        };
        if let Some(plain) = char::from_u32(first) {
            text.push(plain);
            return;
        }
        let after_first = self.at;
        if (0xd800..0xdc00).contains(&first) && self.word(b"\\u") {
            if let Some(second) = self.hex4().filter(|second| (0xdc00..0xe000).contains(second)) {
                let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                text.push(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
                return;
            }
            self.at = after_first;
        }
        self.flaw(at, Flaw::LoneSurrogate);
        text.push(char::REPLACEMENT_CHARACTER);
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        let mut code = 0;
        for digit in digits {
            code = code * 16 + char::from(*digit).to_digit(16)?;
        }
        self.at += 4;
        Some(code)
    }

    fn text(&mut self, from: usize, to: usize) -> Cow<'a, str> {
        let bytes = self.slice(from, to);
        if let Ok(text) = std::str::from_utf8(bytes) {
            Cow::Borrowed(text)
        } else {
            self.flaw(from, Flaw::InvalidUtf8);
            String::from_utf8_lossy(bytes)
        }
    }

    /// Goes past the array or object that begins here, counting brackets.
    fn skip_nested(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'{' | b'[' => open += 1,
                b'}' | b']' => {
                    open -= 1;
                    if open == 0 {
                        return;
                    }
                }
                b'"' => self.skip_string(),
                _ => {}
            }
        }
        self.tear();
    }

    fn skip_string(&mut self) {
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }
}

fn has_duplicate(members: &[Member<'_>]) -> bool {
    if members.len() <= 24 {
        let mut rest = members;
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|other| other.key == first.key) {
                return true;
            }
            rest = others;
        }
        return false;
    }
    let mut keys: Vec<&str> = members.iter().map(|member| &*member.key).collect();
    keys.sort_unstable();
    keys.iter().zip(keys.iter().skip(1)).any(|(left, right)| left == right)
}

/// RFC 8259 §6.
fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_a_number_s_digits() {
        for text in ["7.0", "7", "-0.10", "1e3", "12345678901234567890.123456789012345678"] {
            let json = format!("{{\"value\":{text}}}");
            let document = parse(json.as_bytes());
            assert!(document.flaws.is_empty(), "{text}");
            let root = document.root.unwrap();
            assert!(
                matches!(root.get("value").unwrap().node(), Node::Number(sent) if *sent == text)
            );
        }
    }

    #[test]
    fn keeps_odd_numbers_and_says_so() {
        for text in ["+1", ".5", "007", "1.", "1-2"] {
            let json = format!("[{text}]");
            let document = parse(json.as_bytes());
            assert_eq!(flaws(&document), [Flaw::OddNumber], "{text}");
            assert_eq!(document.root.unwrap().each().next().unwrap().scalar(), Some(text));
        }
    }

    #[test]
    fn gives_the_exact_span_of_a_value() {
        let json = b"{ \"a\" : [ 1, {\"b\": \"\xc3\xa4\"} ] }";
        let document = parse(json);
        let root = document.root.unwrap();
        let object = root.get("a").unwrap().each().nth(1).unwrap();
        assert_eq!(&json[object.span()], "{\"b\": \"ä\"}".as_bytes());
        assert_eq!(root.path_at(object.get("b").unwrap().span().start), "a[1].b");
    }

    #[test]
    fn keeps_both_of_a_duplicate_key() {
        let document = parse(br#"{"a":1,"a":2}"#);
        assert_eq!(flaws(&document), [Flaw::DuplicateKey]);
        assert_eq!(document.root.unwrap().members().len(), 2);
    }

    #[test]
    fn finds_a_duplicate_among_many_keys() {
        let mut members: Vec<String> = (0..40).map(|idx| format!("\"k{idx}\":0")).collect();
        members.push("\"k7\":1".to_owned());
        let json = format!("{{{}}}", members.join(","));
        assert_eq!(flaws(&parse(json.as_bytes())), [Flaw::DuplicateKey]);
    }

    #[test]
    fn reads_ten_thousand_levels_without_overflowing() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let json = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
            let document = parse(json.as_bytes());
            assert_eq!(flaws(&document), [Flaw::TooDeep]);
            assert!(document.root.unwrap().is_whole());
        }
        let torn = "[".repeat(100_000);
        assert_eq!(flaws(&parse(torn.as_bytes())), [Flaw::TooDeep, Flaw::Torn]);
    }

    #[test]
    fn reads_past_a_byte_order_mark_and_invalid_utf8() {
        let document = parse(b"\xef\xbb\xbf{\"a\":\"caf\xe9\"}");
        assert_eq!(flaws(&document), [Flaw::ByteOrderMark, Flaw::InvalidUtf8]);
        assert_eq!(document.root.unwrap().get("a").unwrap().str(), Some("caf\u{fffd}"));
    }

    #[test]
    fn unescapes_texts() {
        let document = parse(br#""a\n\u00e9\ud83d\ude00\/\"\\""#);
        assert!(document.flaws.is_empty());
        assert_eq!(document.root.unwrap().str(), Some("a\né😀/\"\\"));
    }

    #[test]
    fn keeps_a_text_with_bad_escapes() {
        let document = parse(br#"["\ud800x","\q","\u12"]"#);
        assert_eq!(flaws(&document), [Flaw::LoneSurrogate, Flaw::BadEscape, Flaw::BadEscape]);
        let root = document.root.unwrap();
        let texts: Vec<&str> = root.each().filter_map(Value::str).collect();
        assert_eq!(texts, ["\u{fffd}x", "\\q", "\\u12"]);
    }

    #[test]
    fn keeps_what_came_before_a_tear() {
        let document = parse(br#"{"a":[{"b":1},{"c":"tor"#);
        assert_eq!(flaws(&document), [Flaw::Torn]);
        let root = document.root.unwrap();
        let whole: Vec<bool> = root.get("a").unwrap().each().map(Value::is_whole).collect();
        assert_eq!(whole, [true, false]);
    }

    #[test]
    fn is_nothing_where_the_text_is_not_json() {
        for text in ["", "   ", "<html>", "nonsense", "-"] {
            assert!(parse(text.as_bytes()).root.is_none(), "{text}");
        }
    }

    #[test]
    fn reads_one_where_many_are_due_and_the_other_way_round() {
        let document = parse(br#"{"one":{"a":"x"},"many":[{"a":"y"},{"a":"z"}],"none":null}"#);
        let root = document.root.unwrap();
        assert_eq!(root.get("one").unwrap().each().count(), 1);
        assert_eq!(root.get("many").unwrap().get("a").unwrap().str(), Some("y"));
        assert_eq!(root.get("none").unwrap().each().count(), 0);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn never_panics_on_nearly_json(text in "[\\[\\]{}:,\"\\\\0-9a-f.eu+\\- ]{0,200}") {
            let document = parse(text.as_bytes());
            if let Some(root) = &document.root {
                prop_assert!(root.span().end <= text.len());
            }
        }

        #[test]
        fn agrees_with_serde_json(text in "[\\[\\]{}:,\"0-9a-c ]{0,60}") {
            let strict = serde_json::from_str::<serde_json::Value>(&text);
            let document = parse(text.as_bytes());
            if strict.is_ok() {
                prop_assert!(document.root.is_some());
                prop_assert!(document.flaws.iter().all(|flaw| flaw.flaw == Flaw::DuplicateKey));
            }
        }
    }

    fn flaws(document: &Document<'_>) -> Vec<Flaw> {
        document.flaws.iter().map(|flaw| flaw.flaw).collect()
    }
}
