//! One answer of the portal (`DSTU2 Bundle`), cut into the exact bytes of each resource.

use std::ops::Range;

use super::json::{self, Document, Flaw, Node, Value};
use super::{Problem, datatype};

/// Reads an answer's body. It always gives a page: what could not be read stands in `problems`, and
/// a torn page still gives the whole entries before the tear.
pub fn read_page(bytes: &[u8]) -> PageRead {
    read_parsed(&json::parse(bytes), bytes).0
}

/// The same of a body that was parsed already, with the resource of each entry.
pub fn read_parsed<'d>(document: &'d Document<'d>, bytes: &[u8]) -> (PageRead, Vec<&'d Value<'d>>) {
    let torn = document.flaws.iter().any(|found| found.flaw == Flaw::Torn);
    let Some(root) = &document.root else {
        let page = PageRead {
            kind: PageKind::NotJson(not_json(bytes)),
            total: None,
            next: None,
            entries: Vec::new(),
            problems: Vec::new(),
            torn: !bytes.trim_ascii().is_empty() && !looks_like_html(bytes),
        };
        return (page, Vec::new());
    };
    let problems = document
        .flaws
        .iter()
        .map(|found| Problem { path: root.path_at(found.at), message: found.flaw.to_string() })
        .collect();
    let mut page = PageRead {
        kind: PageKind::Other,
        total: None,
        next: None,
        entries: Vec::new(),
        problems,
        torn,
    };
    let mut values = Vec::new();
    page.read(root, &mut values);
    (page, values)
}

/// One answer of the portal, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRead {
    /// What the answer is.
    pub kind: PageKind,
    /// `DSTU2 Bundle.total`: matches over all pages, sent as a number or as text.
    pub total: Option<u64>,
    /// The address of the next page as sent (`DSTU2 Bundle.link` with relation `next`).
    pub next: Option<String>,
    /// Its resources, in order.
    pub entries: Vec<Entry>,
    /// What was not as it should be.
    pub problems: Vec<Problem>,
    /// Whether the answer breaks off before its end; its entries are then not all.
    pub torn: bool,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A `DSTU2 Bundle`.
    Bundle,
    /// A single resource, which is the one entry.
    Resource,
    /// A `DSTU2 OperationOutcome`: what the server says went wrong (or well).
    Outcome(Outcome),
    /// The older `{count, next, previous, results}` envelope.
    Envelope,
    /// No JSON at all.
    NotJson(NotJson),
    /// JSON of another shape.
    Other,
}

/// What stands where JSON was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotJson {
    /// Nothing.
    Empty,
    /// A web page.
    Html,
    /// Something else.
    Other,
}

/// What a `DSTU2 OperationOutcome` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The gravest severity among its issues: `fatal`, `error`, `warning`, `information`.
    pub severity: Option<String>,
    /// Each issue in the server's words: details.text, else diagnostics, else its code.
    pub text: String,
}

/// One resource of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `resourceType`, or "Unknown".
    pub resource_type: String,
    /// The resource's id, else the last part of its `fullUrl`, or what that names (`urn:uuid:`).
    pub id: Option<String>,
    /// `DSTU2 Bundle.entry.fullUrl`: a text, or the first of a list of texts.
    pub full_url: Option<String>,
    /// `DSTU2 Bundle.entry.search.mode`: `match`, `include`, `outcome`.
    pub search_mode: Option<String>,
    /// Where in the answer the resource's exact bytes stand.
    pub raw: Range<usize>,
}

/// Reads what an OperationOutcome says; `None` where `bytes` are none.
pub fn read_outcome(bytes: &[u8]) -> Option<Outcome> {
    let document = json::parse(bytes);
    let root = document.root?;
    (resource_type(&root)? == "OperationOutcome").then(|| outcome(&root))
}

impl PageRead {
    fn read<'d>(&mut self, root: &'d Value<'d>, values: &mut Vec<&'d Value<'d>>) {
        match root.node() {
            Node::Object(_) => {}
            Node::Array(items) => {
                for (idx, item) in items.iter().enumerate() {
                    self.entry(item, values, || format!("[{idx}]"));
                }
                return;
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Opaque(_) => {
                return;
            }
        }
        match resource_type(root) {
            Some("Bundle") => self.bundle(root, values),
            Some("OperationOutcome") => self.kind = PageKind::Outcome(outcome(root)),
            Some(_) => {
                self.kind = PageKind::Resource;
                self.entry(root, values, String::new);
            }
            None if root.get("results").is_some() => {
                self.kind = PageKind::Envelope;
                self.total = root.get("count").and_then(count);
                self.next = root.get("next").and_then(Value::str).map(str::to_owned);
                self.items(root, "results", values);
            }
            None if root.get("entry").is_some() => self.bundle(root, values),
            None => {}
        }
    }

    fn bundle<'d>(&mut self, root: &'d Value<'d>, values: &mut Vec<&'d Value<'d>>) {
        self.kind = PageKind::Bundle;
        if let Some(total) = root.get("total") {
            self.total = count(total);
            if self.total.is_none() {
                self.problem("total".to_owned(), "The total is not a number.");
            }
        }
        let links = root.get("link").into_iter().flat_map(Value::each);
        let next = links.filter(|link| {
            let relation = link.get("relation").or_else(|| link.get("rel")).and_then(Value::str);
            relation.is_some_and(|relation| relation.eq_ignore_ascii_case("next"))
        });
        self.next = next
            .filter_map(|link| link.get("url").or_else(|| link.get("href")))
            .filter_map(Value::str)
            .map(|url| url.trim().to_owned())
            .find(|url| !url.is_empty());
        self.items(root, "entry", values);
    }

    fn items<'d>(
        &mut self,
        root: &'d Value<'d>,
        key: &'static str,
        values: &mut Vec<&'d Value<'d>>,
    ) {
        let Some(items) = root.get(key) else { return };
        for (idx, item) in items.each().enumerate() {
            self.entry(item, values, || format!("{key}[{idx}]"));
        }
    }

    fn entry<'d>(
        &mut self,
        item: &'d Value<'d>,
        values: &mut Vec<&'d Value<'d>>,
        path: impl Fn() -> String,
    ) {
        let is_resource = resource_type(item).is_some();
        let resource = if is_resource { Some(item) } else { item.get("resource") };
        // What the older envelope lists are bare objects without a type.
        let bare = matches!(self.kind, PageKind::Envelope).then_some(item);
        let Some(resource) = resource.or(bare).filter(|value| value.is_object()) else {
            if item.is_whole() {
                self.problem(path(), "This entry holds no resource.");
            }
            return;
        };
        // Its search mode may have been lost with its end.
        if !item.is_whole() {
            self.problem(path(), "This entry breaks off and was left out.");
            return;
        }
        let full_url = item.get("fullUrl").and_then(Value::str).map(|url| url.trim().to_owned());
        let sent_id = resource
            .get("id")
            .and_then(Value::scalar)
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(str::to_owned);
        let id = sent_id.or_else(|| full_url.as_deref().and_then(id_in));
        if resource_type(resource).is_none() {
            self.problem(path(), "This resource does not say of which type it is.");
        }
        values.push(resource);
        self.entries.push(Entry {
            resource_type: resource_type(resource).unwrap_or("Unknown").to_owned(),
            id,
            full_url,
            search_mode: item
                .get("search")
                .and_then(|search| search.get("mode"))
                .and_then(Value::str)
                .map(str::to_owned),
            raw: resource.span(),
        });
    }

    fn problem(&mut self, path: String, message: &str) {
        self.problems.push(Problem { path, message: message.to_owned() });
    }
}

fn resource_type<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    if !value.is_object() {
        return None;
    }
    value.get("resourceType").and_then(Value::str).filter(|name| !name.trim().is_empty())
}

fn count(value: &Value<'_>) -> Option<u64> {
    value.scalar()?.trim().parse().ok()
}

/// The id that a `fullUrl` gives.
fn id_in(full_url: &str) -> Option<String> {
    match datatype::urn_id(full_url) {
        Some(id) => Some(id.to_owned()),
        None => last_part(full_url),
    }
}

/// The id in an address: its last part, or the one before `_history`.
fn last_part(url: &str) -> Option<String> {
    if url.starts_with("urn:") {
        return None;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split("/_history").next().unwrap_or_default();
    let (_, last) = path.trim_end_matches('/').rsplit_once('/')?;
    (!last.is_empty()).then(|| last.to_owned())
}

fn outcome(root: &Value<'_>) -> Outcome {
    let issues = || root.get("issue").into_iter().flat_map(Value::each);
    let severity = ["fatal", "error", "warning", "information"].into_iter().find(|severity| {
        issues().any(|issue| issue.get("severity").and_then(Value::str) == Some(severity))
    });
    let mut texts: Vec<&str> = issues()
        .filter_map(|issue| {
            let details = issue.get("details");
            let coded = details
                .and_then(|details| details.get("coding"))
                .and_then(|coding| coding.get("display"));
            details
                .and_then(|details| details.get("text"))
                .or(coded)
                .or_else(|| issue.get("diagnostics"))
                .or_else(|| issue.get("code"))
                .and_then(Value::str)
        })
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    texts.dedup();
    let mut text = super::narrative::plain_text(&texts.join("; "));
    if text.is_empty() {
        let narrative = root.get("text").and_then(|text| text.get("div")).and_then(Value::str);
        text = super::narrative::plain_text(narrative.unwrap_or_default());
    }
    Outcome { severity: severity.map(str::to_owned), text }
}

fn not_json(bytes: &[u8]) -> NotJson {
    if bytes.trim_ascii().is_empty() {
        NotJson::Empty
    } else if looks_like_html(bytes) {
        NotJson::Html
    } else {
        NotJson::Other
    }
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = r#"{"resourceType":"Bundle","type":"searchset","total":3,
        "link":[{"relation":"self","url":"x"},{"relation":"next","url":"/api/fhir/Condition?page=2"}],
        "entry":[
            {"fullUrl":["/api/fhir/Condition/47026121"],"resource":{ "resourceType" : "Condition","x":7.0}},
            {"fullUrl":"https://p/Condition/b","resource":{"resourceType":"Condition","id":"9"},"search":{"mode":"match"}},
            {"resource":{"resourceType":"OperationOutcome"},"search":{"mode":"outcome"}}]}"#;

    #[test]
    fn cuts_a_bundle_into_exact_bytes() {
        let page = read_page(PAGE.as_bytes());
        assert_eq!(page.kind, PageKind::Bundle);
        assert_eq!(page.total, Some(3));
        assert_eq!(page.next.as_deref(), Some("/api/fhir/Condition?page=2"));
        assert!(page.problems.is_empty() && !page.torn);
        let ids: Vec<_> = page.entries.iter().map(|entry| entry.id.as_deref()).collect();
        assert_eq!(ids, [Some("47026121"), Some("9"), None]);
        let [first, second, third] = page.entries.as_slice() else { panic!("three entries") };
        assert_eq!(
            PAGE.get(first.raw.clone()).unwrap(),
            r#"{ "resourceType" : "Condition","x":7.0}"#
        );
        assert_eq!(first.full_url.as_deref(), Some("/api/fhir/Condition/47026121"));
        assert_eq!(second.search_mode.as_deref(), Some("match"));
        assert_eq!(third.resource_type, "OperationOutcome");
    }

    #[test]
    fn gives_the_whole_entries_before_a_tear() {
        let whole = read_page(PAGE.as_bytes());
        for cut in 1..PAGE.len() {
            let page = read_page(&PAGE.as_bytes()[..cut]);
            // What follows a resource in its entry is at most 32 bytes long here.
            let due = whole.entries.iter().filter(|entry| entry.raw.end + 32 <= cut).count();
            assert!(page.entries.len() >= due, "cut at {cut}");
            assert_eq!(page.entries, whole.entries[..page.entries.len()], "cut at {cut}");
            assert!(page.torn, "cut at {cut}");
        }
    }

    #[test]
    fn reads_a_total_sent_as_text() {
        let page = read_page(br#"{"resourceType":"Bundle","total":"41"}"#);
        assert_eq!(page.total, Some(41));
        let page = read_page(br#"{"resourceType":"Bundle","total":"many"}"#);
        assert_eq!((page.total, page.problems.len()), (None, 1));
    }

    #[test]
    fn reads_one_entry_and_one_link_without_their_lists() {
        let page = read_page(
            br#"{"resourceType":"Bundle","link":{"relation":"next","url":["n"]},"entry":{"resource":{"resourceType":"Goal","id":7}}}"#,
        );
        assert_eq!(page.next.as_deref(), Some("n"));
        assert_eq!(page.entries[0].id.as_deref(), Some("7"));
    }

    #[test]
    fn reads_a_single_resource_as_its_one_entry() {
        let json = br#"{"resourceType":"Patient","id":"1"}"#;
        let page = read_page(json);
        assert_eq!(page.kind, PageKind::Resource);
        assert_eq!(page.entries[0].raw, 0..json.len());
    }

    #[test]
    fn reads_what_the_server_says_went_wrong() {
        let page = read_page(
            br#"{"resourceType":"OperationOutcome","issue":[
                {"severity":"warning","diagnostics":"Slow."},
                {"severity":"error","details":{"text":"Not permitted."},"diagnostics":"x"}]}"#,
        );
        let outcome = Outcome {
            severity: Some("error".to_owned()),
            text: "Slow.; Not permitted.".to_owned(),
        };
        assert_eq!(page.kind, PageKind::Outcome(outcome));
        assert!(page.entries.is_empty());
    }

    #[test]
    fn reads_the_older_envelope() {
        let page = read_page(
            br#"{"count":2,"next":"https://p/?page=2","previous":null,"results":[{"resourceType":"Condition","id":1},{"id":2}]}"#,
        );
        assert_eq!(page.kind, PageKind::Envelope);
        assert_eq!((page.total, page.next.as_deref()), (Some(2), Some("https://p/?page=2")));
        assert_eq!(page.entries[1].resource_type, "Unknown");
    }

    #[test]
    fn says_what_stands_where_json_was_due() {
        for (text, kind) in [
            ("", NotJson::Empty),
            (" \n", NotJson::Empty),
            ("<!DOCTYPE html><html>", NotJson::Html),
            ("\u{feff}<html>", NotJson::Html),
            ("Service unavailable", NotJson::Other),
        ] {
            assert_eq!(read_page(text.as_bytes()).kind, PageKind::NotJson(kind), "{text}");
        }
    }

    #[test]
    fn reports_an_entry_without_a_resource() {
        let page = read_page(br#"{"resourceType":"Bundle","entry":[{"fullUrl":"a/b"},null,3]}"#);
        assert!(page.entries.is_empty());
        assert_eq!(page.problems[0].path, "entry[0]");
        assert_eq!(page.problems.len(), 2);
    }

    #[test]
    fn takes_an_id_from_an_address_with_a_version() {
        assert_eq!(last_part("https://p/api/fhir/Goal/7/_history/2").as_deref(), Some("7"));
        assert_eq!(last_part("urn:uuid:1-2"), None);
        assert_eq!(last_part("7"), None);
    }

    #[test]
    fn takes_an_id_from_a_name_that_is_no_address() {
        let page = read_page(
            br#"{"resourceType":"Bundle","entry":[
                {"fullUrl":"urn:uuid:541a72a8-df75","resource":{"resourceType":"Goal"}},
                {"fullUrl":"urn:uuid:541a72a8-0000","resource":{"resourceType":"Goal","id":"7"}},
                {"fullUrl":"urn:other","resource":{"resourceType":"Goal"}}]}"#,
        );
        let ids: Vec<_> = page.entries.iter().map(|entry| entry.id.as_deref()).collect();
        assert_eq!(ids, [Some("541a72a8-df75"), Some("7"), None]);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_page(&bytes);
        }

        #[test]
        fn never_panics_on_a_damaged_page(at in 0_usize..700, byte in any::<u8>()) {
            let mut bytes = PAGE.as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] = byte;
            let page = read_page(&bytes);
            for entry in page.entries {
                prop_assert!(bytes.get(entry.raw).is_some());
            }
        }
    }
}
