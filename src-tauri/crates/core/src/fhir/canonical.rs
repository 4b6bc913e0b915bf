//! What a resource says, whatever it is called and however it is written.

use super::json::{self, Node, Value};

/// The content of a resource in one form: members sorted, no blanks, without the id, version and time
/// stamp that its server gives it (`DSTU2 Resource.id`, `Meta.versionId`, `Meta.lastUpdated`). Two
/// resources of the same content give the same bytes; what is no JSON gives itself.
pub fn content(bytes: &[u8]) -> Vec<u8> {
    let document = json::parse(bytes);
    let whole = document.root.as_ref().filter(|root| root.is_object() && root.is_whole());
    let Some(root) = whole else { return bytes.to_vec() };
    let mut out = Vec::with_capacity(bytes.len());
    object(root, 0, &mut out);
    out
}

const LEFT_OUT: &[&str] = &["id"];
const LEFT_OUT_OF_META: &[&str] = &["versionId", "lastUpdated"];

fn write(value: &Value<'_>, depth: usize, out: &mut Vec<u8>) {
    match value.node() {
        Node::Null => out.extend_from_slice(b"null"),
        Node::Bool(true) => out.extend_from_slice(b"true"),
        Node::Bool(false) => out.extend_from_slice(b"false"),
        Node::Number(text) => out.extend_from_slice(text.as_bytes()),
        Node::String(text) => string(text, out),
        Node::Opaque(text) => out.extend_from_slice(text.as_bytes()),
        Node::Array(items) => {
            out.push(b'[');
            for item in items {
                write(item, depth + 1, out);
                out.push(b',');
            }
            out.push(b']');
        }
        Node::Object(_) => object(value, depth, out),
    }
}

fn object(value: &Value<'_>, depth: usize, out: &mut Vec<u8>) {
    let mut members: Vec<_> = value.members().iter().collect();
    members.sort_by(|one, other| one.key.cmp(&other.key));
    out.push(b'{');
    for member in members {
        if depth == 0 && LEFT_OUT.contains(&member.key.as_ref()) {
            continue;
        }
        let mut told = Vec::new();
        if depth == 0 && member.key == "meta" && member.value.is_object() {
            meta(&member.value, &mut told);
            if told == b"{}" {
                continue;
            }
        } else {
            write(&member.value, depth + 1, &mut told);
        }
        string(&member.key, out);
        out.push(b':');
        out.extend_from_slice(&told);
        out.push(b',');
    }
    out.push(b'}');
}

fn meta(value: &Value<'_>, out: &mut Vec<u8>) {
    let mut members: Vec<_> = value.members().iter().collect();
    members.sort_by(|one, other| one.key.cmp(&other.key));
    out.push(b'{');
    for member in members {
        if !LEFT_OUT_OF_META.contains(&member.key.as_ref()) {
            string(&member.key, out);
            out.push(b':');
            write(&member.value, 2, out);
            out.push(b',');
        }
    }
    out.push(b'}');
}

/// A text with its length before it, so that no text can look like the end of another.
fn string(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{}\"", text.len()).as_bytes());
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_calls_it_does_not_matter() {
        let one = br#"{"resourceType":"Goal","id":"1","meta":{"versionId":"3","lastUpdated":"x"},"a":[1,{"id":"k","b":"t"}]}"#;
        let other = br#"{ "a" : [1, {"b":"\u0074","id":"k"}], "resourceType":"Goal", "id": 2 }"#;
        assert_eq!(content(one), content(other));
    }

    #[test]
    fn anything_else_does() {
        let base = content(br#"{"resourceType":"Goal","id":"1","a":{"id":"k"},"n":7.0}"#);
        for other in [
            &br#"{"resourceType":"Goal","id":"1","a":{"id":"l"},"n":7.0}"#[..],
            br#"{"resourceType":"Goal","id":"1","a":{"id":"k"},"n":7.00}"#,
            br#"{"resourceType":"Goal","id":"1","a":{"id":"k"},"n":"7.0"}"#,
            br#"{"resourceType":"Goal","id":"1","a":{"id":"k"},"n":7.0,"meta":{"tag":[]}}"#,
            br#"{"resourceType":"Goal","id":"1","a":{"id":"k"},"n":7.0,"n":7.0}"#,
            b"not json",
        ] {
            assert_ne!(content(other), base, "{}", String::from_utf8_lossy(other));
        }
    }
}
