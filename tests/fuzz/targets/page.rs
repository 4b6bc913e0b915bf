//! An answer of the portal: cut into its resources, each of them made into a record.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use onhand_core::fhir::bundle::{self, PageKind, PageRead};
use onhand_core::record::{Lookup, derive};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let page = bundle::read_page(bytes);
    assert_eq!(page, bundle::read_page(bytes));
    let _ = bundle::read_outcome(bytes);

    let mut neighbours = Neighbours::default();
    for entry in &page.entries {
        let raw = bytes.get(entry.raw.clone()).expect("an entry lies within its answer");
        assert!(raw.starts_with(b"{") && raw.ends_with(b"}"), "an entry is a whole object");
        if let Some(id) = &entry.id {
            neighbours.0.insert(format!("{}/{id}", entry.resource_type), raw.to_vec());
        }
    }
    for entry in &page.entries {
        let raw = &bytes[entry.raw.clone()];
        let record = derive(raw, &neighbours);
        assert!(!record.title.trim().is_empty(), "a record without a name");
        assert_eq!(record, derive(raw, &neighbours), "derived in two ways");
        let _ = record.search_text();
        serde_json::to_string(&record).expect("a record can be told");
    }
    leaves_nothing_out(bytes, &page);
});

/// Where a strict reader finds a plain Bundle, ours finds the same resources, byte for byte.
fn leaves_nothing_out(bytes: &[u8], page: &PageRead) {
    let Ok(strict) = serde_json::from_slice::<Value>(bytes) else { return };
    // A key that comes twice is the strict reader's to lose.
    let is_plain = strict["resourceType"] == "Bundle"
        && serde_json::to_vec(&strict).is_ok_and(|again| n_keys(&again) == n_keys(bytes));
    if !is_plain {
        return;
    }
    assert_eq!(page.kind, PageKind::Bundle);
    assert!(!page.torn, "a whole Bundle is called torn");
    let Some(entries) = strict["entry"].as_array() else { return };
    let expected: Vec<&Value> = entries
        .iter()
        .filter(|entry| entry.get("resourceType").is_none())
        .map(|entry| &entry["resource"])
        .filter(|resource| resource.is_object())
        .collect();
    let found: Vec<Value> = page
        .entries
        .iter()
        .map(|entry| {
            serde_json::from_slice(&bytes[entry.raw.clone()])
                .expect("a strict part of a strict whole")
        })
        .collect();
    for resource in expected {
        assert!(found.contains(resource), "left out: {resource}");
    }
}

/// Colons outside of texts: one for each key.
fn n_keys(json: &[u8]) -> usize {
    let (mut n, mut in_text, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b':' if !in_text => n += 1,
            _ => {}
        }
    }
    n
}

/// The resources of the answer itself, for those that refer to each other.
#[derive(Default)]
struct Neighbours(BTreeMap<String, Vec<u8>>);

impl Lookup for Neighbours {
    fn resource(&self, target: &str) -> Option<Vec<u8>> {
        self.0.get(target).cloned()
    }
}
