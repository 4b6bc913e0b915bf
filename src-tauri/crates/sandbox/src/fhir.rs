//! The data side: DSTU2 in the portal's dialect, read only, with the faults that are switched on.

use crate::faults::{Faults, Kind};
use crate::json::Json;
use crate::oauth::{self, Holder};
use crate::page;
use crate::people::{Account, Shelf, entry_prefix};
use crate::server::{Portal, answer_with, lock, wall_clock};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Frame, SizeHint};
use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use url::form_urlencoded;

/// The types that can be listed.
pub(crate) const LISTED: [&str; 9] = [
    "AllergyIntolerance",
    "Condition",
    "DiagnosticReport",
    "Immunization",
    "MedicationOrder",
    "MedicationStatement",
    "Observation",
    "Patient",
    "Procedure",
];

/// The types that are only read where a resource refers to them.
const READ_ONLY_BY_ID: [&str; 3] = ["Medication", "Organization", "Practitioner"];

/// Listed types that cannot be read by id: “not all endpoints support retrieving by id”.
const NOT_BY_ID: [&str; 2] = ["MedicationStatement", "Procedure"];

/// Types that the practice has not released; every other type does not exist here.
const REFUSED: [&str; 2] = ["CarePlan", "Goal"];

const JSON: &str = "application/json";

/// How many bytes the fault `huge` puts into one resource.
const N_HUGE: usize = 50 * 1024 * 1024;
/// Objects within each other under `deep`; each is in a list of its own, which makes two levels.
const N_DEEP: usize = 5_000;

/// What comes along with each page under `include`.
const COME_ALONG: &[u8] = br#"{"fullUrl":["/api/fhir/Practitioner/880001"],"resource":{"resourceType":"Practitioner","id":"880001","name":{"text":"Dr. Imogen Vale"}},"search":{"mode":"include"}},{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational","diagnostics":"Results are complete."}]},"search":{"mode":"outcome"}}"#;

/// The first practitioner under `dangling`, and one at another server.
const N_DANGLING: usize = 9_994_040;
const ELSEWHERE: &str = "https://elsewhere.example/fhir/Practitioner/9995050";

/// `GET /api/fhir/metadata`.
pub(crate) async fn metadata(State(portal): State<Arc<Portal>>, method: Method) -> Response {
    if method != Method::GET {
        return not_allowed();
    }
    let listed = LISTED.iter().map(|kind| {
        let mut interactions = vec![Json::with("code", "search-type")];
        if !NOT_BY_ID.contains(kind) {
            interactions.push(Json::with("code", "read"));
        }
        Json::with("type", *kind).and("interaction", interactions)
    });
    let by_id = READ_ONLY_BY_ID
        .iter()
        .map(|kind| Json::with("type", *kind).and("interaction", vec![Json::with("code", "read")]));
    let endpoint = |url: &str, path: &str| {
        Json::with("url", url).and("valueUri", format!("{}{path}", portal.origin))
    };
    let oauth_uris =
        Json::with("url", "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris")
            .and(
                "extension",
                vec![endpoint("authorize", "/o/authorize/"), endpoint("token", "/o/token/")],
            );
    let rest = Json::with("mode", "server")
        .and("security", Json::with("extension", vec![oauth_uris]))
        .and("resource", Json::list(listed.chain(by_id)));
    let statement = Json::with("resourceType", "Conformance")
        .and("status", "active")
        .and("date", "2016-10-20")
        .and("kind", "instance")
        .and("software", Json::with("name", "Practice portal"))
        .and("fhirVersion", "1.0.2")
        .and("acceptUnknown", "no")
        .and("format", vec![Json::from("json")])
        .and("rest", vec![rest]);
    answer_with(StatusCode::OK, JSON, statement.render())
}

/// `GET /api/fhir/TYPE`.
pub(crate) async fn list(
    State(portal): State<Arc<Portal>>,
    Path(kind): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let faults = portal.faults();
    let holder = match admit(&portal, &faults, &kind, &method, &uri, &headers) {
        Ok(holder) => holder,
        Err(response) => return *response,
    };
    if !LISTED.contains(&kind.as_str()) {
        let withheld = REFUSED.contains(&kind.as_str()) || READ_ONLY_BY_ID.contains(&kind.as_str());
        return if withheld { forbidden() } else { no_such("Not found.") };
    }
    let Some(account) = portal.population.accounts.get(holder.account) else {
        return unauthorized("Invalid token.");
    };
    let mut params = Paging::of(&portal, &uri);
    if let Some(limit) = faults.number(Kind::SmallPages, 20) {
        params.size = params.size.min(usize::try_from(limit).unwrap_or(usize::MAX).max(1));
    }
    if let Some(response) = wrong_with_paging(&portal, &faults, &kind, &mut params) {
        return response;
    }
    match bundle(&portal, &faults, account, &kind, &params) {
        Some(chunks) => deliver(&portal, &faults, &kind, chunks),
        None => no_such("Invalid page."),
    }
}

/// `GET /api/fhir/TYPE/ID`.
pub(crate) async fn read(
    State(portal): State<Arc<Portal>>,
    Path((kind, id)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let faults = portal.faults();
    let holder = match admit(&portal, &faults, &kind, &method, &uri, &headers) {
        Ok(holder) => holder,
        Err(response) => return *response,
    };
    let by_id = READ_ONLY_BY_ID.contains(&kind.as_str())
        || (LISTED.contains(&kind.as_str()) && !NOT_BY_ID.contains(&kind.as_str()));
    if !by_id {
        let known = LISTED.contains(&kind.as_str()) || REFUSED.contains(&kind.as_str());
        return if known { forbidden() } else { no_such("Not found.") };
    }
    let shelf =
        portal.population.accounts.get(holder.account).and_then(|account| account.shelf(&kind));
    let found = shelf.and_then(|shelf| {
        let idx = shelf.position(id.parse().ok()?)?;
        if idx >= n_kept(&faults, &kind, shelf.len()) {
            return None;
        }
        let entry = edited(&faults, &kind, shelf, idx, idx)?;
        Some(unwrapped(&kind, shelf.id(idx)?, entry))
    });
    match found {
        Some(chunks) => deliver(&portal, &faults, &kind, chunks),
        None => no_such("Not found."),
    }
}

/// Everything that stands before data: method, kind of answer wanted, token, faults of the way.
fn admit(
    portal: &Portal,
    faults: &Faults,
    kind: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Holder, Box<Response>> {
    if method != Method::GET {
        return Err(Box::new(not_allowed()));
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) {
        return Err(Box::new(page::instead_of_data(StatusCode::OK)));
    }
    let Some(token) = oauth::bearer(headers) else {
        return Err(Box::new(unauthorized("Authentication credentials were not provided.")));
    };
    revoke_midway(portal, faults, token);
    let Some(holder) = portal.desk.holder(token) else {
        return Err(Box::new(unauthorized("Invalid token.")));
    };
    match wrong_on_the_way(portal, faults, kind, uri) {
        Some(response) => Err(Box::new(response)),
        None if may_read(&holder.scope, kind) => Ok(holder),
        None => Err(Box::new(forbidden())),
    }
}

/// The answer of a fault that comes in place of data.
fn wrong_on_the_way(portal: &Portal, faults: &Faults, kind: &str, uri: &Uri) -> Option<Response> {
    if faults.on_for(Kind::ServerError, kind) {
        return Some(detail(StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred."));
    }
    if faults.on_for(Kind::Refuse, kind) {
        return Some(forbidden());
    }
    if faults.on_for(Kind::Missing, kind) {
        return Some(no_such("Not found."));
    }
    if faults.on_for(Kind::Html, kind) {
        return Some(page::instead_of_data(StatusCode::OK));
    }
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    if faults.on_for(Kind::ForeignRedirect, kind) {
        return Some(redirect(&format!("{}{target}", portal.foreign_origin)));
    }
    let moved = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "moved=1"));
    if faults.on_for(Kind::LocalRedirect, kind) && !moved {
        let glue = if uri.query().is_some() { '&' } else { '?' };
        return Some(redirect(&format!("{target}{glue}moved=1")));
    }
    if faults.on(Kind::Flaky) {
        return flake(portal, target);
    }
    None
}

/// The faults of a walk through pages: notes where it is, and answers in place of data.
fn wrong_with_paging(
    portal: &Portal,
    faults: &Faults,
    kind: &str,
    params: &mut Paging,
) -> Option<Response> {
    let round = {
        let mut moods = lock(&portal.moods);
        let begun = moods.beginnings.entry(kind.to_owned()).or_insert(0);
        if params.number == 1 {
            *begun = begun.saturating_add(1);
        }
        *begun
    };
    params.round = round;
    if faults.on_for(Kind::StaleNext, kind) {
        let held = params.others.iter().find(|(name, _)| name == "walk");
        if params.number > 1 && held.is_none_or(|(_, walk)| *walk != round.to_string()) {
            return Some(detail(StatusCode::GONE, "This page has expired."));
        }
        params.others.retain(|(name, _)| name != "walk");
        params.others.push(("walk".to_owned(), round.to_string()));
    }
    if faults.on_for(Kind::Maze, kind) && params.number == 1 {
        params.others.retain(|(name, _)| name != "walk");
        params.others.push(("walk".to_owned(), round.to_string()));
    }
    let breaks = faults
        .counts(Kind::BrokenPage)
        .any(|(n, of)| of.unwrap_or("Observation") == kind && n == params.number as u64);
    if breaks {
        return Some(detail(StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred."));
    }
    if let Some(seconds) = faults.number(Kind::Busy, 1)
        && kind != "Patient"
    {
        let is_first = {
            let mut moods = lock(&portal.moods);
            !std::mem::replace(&mut moods.was_busy, true)
        };
        if is_first {
            let mut response = detail(StatusCode::TOO_MANY_REQUESTS, "Too many requests.");
            if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            return Some(response);
        }
    }
    None
}

/// The first answer to an address under `flaky`: three of four fail.
fn flake(portal: &Portal, target: &str) -> Option<Response> {
    let nth = {
        let mut moods = lock(&portal.moods);
        let nth = moods.seen.len();
        moods.seen.insert(target.to_owned()).then_some(nth)?
    };
    let (status, retry_after) = match nth % 4 {
        0 => (StatusCode::INTERNAL_SERVER_ERROR, None),
        1 => (StatusCode::SERVICE_UNAVAILABLE, Some("1".to_owned())),
        2 => (StatusCode::TOO_MANY_REQUESTS, Some(http_date_in_a_second())),
        _ => return None,
    };
    let mut response = detail(status, "Try again later.");
    if let Some(value) = retry_after.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    Some(response)
}

/// RFC 9110 §5.6.7, as in `Mon, 23 Nov 2026 10:00:00 GMT`.
fn http_date_in_a_second() -> String {
    let now = wall_clock();
    let then = now.checked_add(jiff::SignedDuration::from_secs(1)).unwrap_or(now);
    then.to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

/// Counts requests under `revoke-midway` and ends the sign-in once there were enough.
fn revoke_midway(portal: &Portal, faults: &Faults, token: &str) {
    let Some(limit) = faults.number(Kind::RevokeMidway, 5) else { return };
    let due = {
        let mut moods = lock(&portal.moods);
        moods.n_before_revoking = moods.n_before_revoking.saturating_add(1);
        let due = moods.n_before_revoking > limit && !moods.revoked_midway;
        moods.revoked_midway |= due;
        due
    };
    if due {
        portal.desk.revoke(token);
    }
}

fn may_read(scope: &str, kind: &str) -> bool {
    scope.split(' ').any(|one| {
        one == "patient/*.read"
            || one.strip_prefix("patient/").and_then(|rest| rest.strip_suffix(".read"))
                == Some(kind)
    })
}

/// Which page of which size, and the address that it belongs to.
struct Paging {
    size: usize,
    number: usize,
    path: String,
    /// The other parameters, to be carried from page to page.
    others: Vec<(String, String)>,
    /// How often the first page was asked for, this time too.
    round: u64,
}

impl Paging {
    fn of(portal: &Portal, uri: &Uri) -> Self {
        let pairs = || form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let number = |name: &str| {
            pairs()
                .filter(|(known, _)| known == name)
                .find_map(|(_, value)| value.parse::<usize>().ok())
                .filter(|number| *number > 0)
        };
        Self {
            size: number("page-size").unwrap_or(portal.page_size).min(portal.page_size_cap),
            number: number("page").unwrap_or(1),
            path: uri.path().to_owned(),
            others: pairs()
                .into_owned()
                .filter(|(name, _)| name != "page" && name != "moved")
                .collect(),
            round: 0,
        }
    }

    fn address(&self, origin: &str, number: usize) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.others)
            .append_pair("page", &number.to_string())
            .finish();
        format!("{origin}{}?{query}", self.path)
    }
}

/// How many of a type are left under `drop`.
fn n_kept(faults: &Faults, kind: &str, n: usize) -> usize {
    faults
        .counts(Kind::Drop)
        .filter(|(_, of)| of.unwrap_or("Procedure") == kind)
        .fold(n, |n, (gone, _)| n.saturating_sub(usize::try_from(gone).unwrap_or(usize::MAX)))
}

/// One page of a type as a Bundle, in pieces; nothing for a page past the last.
fn bundle(
    portal: &Portal,
    faults: &Faults,
    account: &Account,
    kind: &str,
    paging: &Paging,
) -> Option<VecDeque<Bytes>> {
    let nothing = Shelf::default();
    let mut shelf = account.shelf(kind).unwrap_or(&nothing);
    let is_empty = faults
        .counts(Kind::Empty)
        .any(|(n, of)| of.unwrap_or("Condition") == kind && paging.round <= n);
    if is_empty {
        shelf = &nothing;
    }
    let n = n_kept(faults, kind, shelf.len());
    let start = paging.number.checked_sub(1)?.checked_mul(paging.size)?;
    if start >= n && paging.number > 1 {
        return None;
    }
    let end = start.saturating_add(paging.size).min(n);
    let is_last = end >= n;

    let mut links = vec![link("self", paging.address(&portal.origin, paging.number))];
    let goes_round = faults.on_for(Kind::Loop, kind) || faults.on_for(Kind::Maze, kind);
    let next = match (is_last, goes_round) {
        (false, _) => paging.number.checked_add(1),
        (true, true) => Some(1),
        (true, false) => None,
    };
    if let Some(next) = next {
        let origin = if faults.on_for(Kind::RelativeNext, kind) {
            ""
        } else if faults.on_for(Kind::ForeignNext, kind) {
            &portal.foreign_origin
        } else {
            &portal.origin
        };
        links.push(link("next", paging.address(origin, next)));
    }
    if paging.number > 1 {
        let before = paging.number.saturating_sub(1);
        links.push(link("previous", paging.address(&portal.origin, before)));
    }
    let promised = if faults.on_for(Kind::BadTotal, kind) { n.saturating_add(3) } else { n };
    let total = if faults.on_for(Kind::NoTotal, kind) {
        String::new()
    } else if faults.on_for(Kind::TextNumbers, kind) {
        format!("\"total\":\"{promised}\",")
    } else {
        format!("\"total\":{promised},")
    };
    let head = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",{total}\"link\":{},\"entry\":[",
        Json::List(links).render(),
    );

    let (start, end) = if faults.on_for(Kind::Shift, kind) && paging.round == 1 && start > 0 {
        (start.saturating_sub(1), end.saturating_sub(1))
    } else {
        (start, end)
    };
    let mut chunks = VecDeque::from([Bytes::from(head)]);
    if faults.on_for(Kind::Include, kind) {
        chunks.push_back(Bytes::from_static(COME_ALONG));
        if start < end {
            chunks.push_back(Bytes::from_static(b","));
        }
    }
    if edits_any(faults) {
        for idx in start..end {
            if idx > start {
                chunks.push_back(Bytes::from_static(b","));
            }
            chunks.extend(edited(faults, kind, shelf, idx, start)?);
        }
    } else if start < end {
        chunks.push_back(shelf.entries(start, end)?);
    }
    chunks.push_back(Bytes::from_static(b"]}"));
    Some(chunks)
}

fn link(relation: &str, url: String) -> Json {
    Json::with("relation", relation).and("url", url)
}

fn edits_any(faults: &Faults) -> bool {
    [
        Kind::Change,
        Kind::Huge,
        Kind::Bulky,
        Kind::Deep,
        Kind::Twins,
        Kind::NoId,
        Kind::Renumber,
        Kind::DoubleKey,
        Kind::TextNumbers,
        Kind::Dangling,
    ]
    .into_iter()
    .any(|kind| faults.on(kind))
}

/// One entry in pieces, as the faults that change resources leave it; `start` is the first of
/// its page.
fn edited(
    faults: &Faults,
    kind: &str,
    shelf: &Shelf,
    idx: usize,
    start: usize,
) -> Option<VecDeque<Bytes>> {
    let entry = shelf.entry(idx)?;
    if !edits_any(faults) {
        return Some(VecDeque::from([entry]));
    }
    let id = shelf.id(idx)?;
    let mut text = String::from_utf8_lossy(&entry).into_owned();
    let changed = faults.counts(Kind::Change).any(|(n, of)| {
        of.unwrap_or("Condition") == kind && usize::try_from(n).is_ok_and(|n| idx < n)
    });
    if changed {
        text = text.replacen("\"text\":\"", "\"text\":\"Corrected: ", 1);
    }
    let own_id = format!("\"id\":\"{id}\"");
    if faults.on_for(Kind::Twins, kind) && idx == start.saturating_add(1) {
        let twin = shelf.id(start)?;
        text = text.replacen(&entry_prefix(kind, id), &entry_prefix(kind, twin), 1);
        text = text.replacen(&own_id, &format!("\"id\":\"{twin}\""), 1);
    }
    let renumbered = faults.counts(Kind::Renumber).any(|(n, of)| {
        of.unwrap_or("Condition") == kind && usize::try_from(n).is_ok_and(|n| idx < n)
    });
    if renumbered {
        let new = id.saturating_add(900_000_000);
        text = text.replacen(&entry_prefix(kind, id), &entry_prefix(kind, new), 1);
        text = text.replacen(&own_id, &format!("\"id\":\"{new}\""), 1);
    }
    if faults.on_for(Kind::DoubleKey, kind) && idx == start {
        let member = format!("{own_id},");
        text = text.replacen(&member, &format!("{member}\"id\":\"another\","), 1);
    }
    if faults.on_for(Kind::TextNumbers, kind)
        && let Some((before, after)) = text.split_once("\"value\":")
        && after.starts_with(|c: char| c.is_ascii_digit())
        && let Some(len) = after.find(|c: char| !c.is_ascii_digit() && c != '.')
        && let Some((number, rest)) = after.split_at_checked(len)
    {
        text = format!("{before}\"value\":\"{number}\"{rest}");
    }
    if faults.on_for(Kind::NoId, kind) && idx < start.saturating_add(2) {
        text = text.replacen(&entry_prefix(kind, id), "{\"resource\":", 1);
        text = text.replacen(&format!("{own_id},"), "", 1);
    }
    let first_member = format!("\"resourceType\":\"{kind}\",");
    if kind == "Condition"
        && let Some(asserter) = dangling(faults, idx)
    {
        let asserted = format!("{first_member}\"asserter\":{{\"reference\":\"{asserter}\"}},");
        text = text.replacen(&first_member, &asserted, 1);
    }
    if idx == 0 && faults.on_for_one(Kind::Deep, kind, "Observation") {
        let url = "https://onhand.example/deep";
        let open = format!("\"extension\":[{{\"url\":\"{url}\",").repeat(N_DEEP);
        let shut = "}]".repeat(N_DEEP);
        let deep = format!("{first_member}{open}\"valueBoolean\":true{shut},");
        text = text.replacen(&first_member, &deep, 1);
    }
    let bulk = faults
        .counts(Kind::Bulky)
        .find(|(_, of)| of.unwrap_or("DiagnosticReport") == kind)
        .and_then(|(megabytes, _)| usize::try_from(megabytes).ok()?.checked_mul(1024 * 1024));
    let is_huge = idx == 0 && faults.on_for_one(Kind::Huge, kind, "DiagnosticReport");
    if let Some(n_bytes) = is_huge.then_some(N_HUGE).or(bulk) {
        let (before, after) = text.split_once(&first_member)?;
        let open = format!(
            "{before}{first_member}\"text\":{{\"status\":\"generated\",\
             \"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">",
        );
        // One piece of memory, handed out again and again.
        let piece = Bytes::from("A long letter. ".repeat(70_000));
        let n_pieces = n_bytes.div_ceil(piece.len().max(1));
        let mut chunks = VecDeque::from([Bytes::from(open)]);
        chunks.extend(std::iter::repeat_n(piece, n_pieces));
        chunks.push_back(Bytes::from(format!("</div>\"}},{after}")));
        return Some(chunks);
    }
    Some(VecDeque::from([Bytes::from(text)]))
}

/// Whom the condition of that number names under `dangling`.
fn dangling(faults: &Faults, idx: usize) -> Option<String> {
    let n = usize::try_from(faults.number(Kind::Dangling, 1)?).ok()?;
    if idx < n {
        Some(format!("Practitioner/{}", N_DANGLING.saturating_add(idx)))
    } else if idx == n {
        Some(ELSEWHERE.to_owned())
    } else {
        None
    }
}

/// An entry without its wrapping: the resource alone.
fn unwrapped(kind: &str, id: u64, mut entry: VecDeque<Bytes>) -> VecDeque<Bytes> {
    if let Some(first) = entry.front_mut() {
        let prefixes = [entry_prefix(kind, id), "{\"resource\":".to_owned()];
        let len = prefixes.iter().find(|prefix| first.starts_with(prefix.as_bytes()));
        *first = first.slice(len.map_or(0, String::len)..);
    }
    if let Some(last) = entry.back_mut() {
        *last = last.slice(..last.len().saturating_sub(1));
    }
    entry
}

/// Sends the pieces, through the faults that change bytes.
fn deliver(portal: &Portal, faults: &Faults, kind: &str, chunks: VecDeque<Bytes>) -> Response {
    let mut chunks = chunks;
    if faults.on_for(Kind::Latin1, kind) {
        chunks = chunks.iter().map(|chunk| Bytes::from(latin1(chunk))).collect();
    }
    if faults.on_for(Kind::Bom, kind) {
        chunks.push_front(Bytes::from_static(b"\xef\xbb\xbf"));
    }
    let zipped = faults.on_for(Kind::Gzip, kind);
    if zipped {
        match gzip(&chunks) {
            Ok(body) => chunks = VecDeque::from([Bytes::from(body)]),
            Err(_) => {
                return detail(StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred.");
            }
        }
    }
    let whole_len: usize = chunks.iter().map(Bytes::len).sum();
    let mut breaks = false;
    if faults.on_for(Kind::Torn, kind) {
        let mut moods = lock(&portal.moods);
        breaks = moods.n_torn % 2 == 1;
        moods.n_torn = moods.n_torn.saturating_add(1);
        drop(moods);
        cut(&mut chunks, whole_len / 2);
    }
    if faults.on_for(Kind::Cut, kind) {
        breaks = true;
        cut(&mut chunks, whole_len / 2);
    }
    let content_type = if faults.on_for(Kind::OddType, kind) {
        let mut moods = lock(&portal.moods);
        moods.n_odd = moods.n_odd.saturating_add(1);
        if moods.n_odd % 2 == 1 { "text/plain" } else { "text/html; charset=utf-8" }
    } else {
        JSON
    };
    let body = Body::new(Chunks { chunks, breaks, flushed: false });
    let mut response = answer_with(StatusCode::OK, content_type, body);
    let headers = response.headers_mut();
    if zipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if breaks {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole_len));
    }
    response
}

/// Keeps the first `len` bytes.
fn cut(chunks: &mut VecDeque<Bytes>, len: usize) {
    let mut left = len;
    for chunk in chunks.iter_mut() {
        chunk.truncate(left);
        left = left.saturating_sub(chunk.len());
    }
    chunks.retain(|chunk| !chunk.is_empty());
}

fn latin1(utf8: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(utf8)
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect()
}

fn gzip(chunks: &VecDeque<Bytes>) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for chunk in chunks {
        encoder.write_all(chunk)?;
    }
    encoder.finish()
}

/// A body in pieces that may break off behind the last one.
struct Chunks {
    chunks: VecDeque<Bytes>,
    breaks: bool,
    /// Whether what came before the break was given time to be sent.
    flushed: bool,
}

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = match self.chunks.pop_front() {
            Some(chunk) => Some(Ok(Frame::data(chunk))),
            None if self.breaks && !self.flushed => {
                self.flushed = true;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            None if self.breaks => {
                self.breaks = false;
                Some(Err(io::Error::from(io::ErrorKind::ConnectionReset)))
            }
            None => None,
        };
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        if self.breaks {
            return SizeHint::default();
        }
        let len: usize = self.chunks.iter().map(Bytes::len).sum();
        u64::try_from(len).map_or_else(|_| SizeHint::default(), SizeHint::with_exact)
    }
}

fn redirect(address: &str) -> Response {
    let mut response = answer_with(StatusCode::FOUND, JSON, "");
    if let Ok(location) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn unauthorized(words: &str) -> Response {
    let mut response = detail(StatusCode::UNAUTHORIZED, words);
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"api\""));
    response
}

fn forbidden() -> Response {
    let outcome = Json::with("resourceType", "OperationOutcome").and(
        "issue",
        vec![
            Json::with("severity", "error")
                .and("code", "forbidden")
                .and("diagnostics", "You do not have permission to perform this action."),
        ],
    );
    answer_with(StatusCode::FORBIDDEN, JSON, outcome.render())
}

fn no_such(words: &str) -> Response {
    detail(StatusCode::NOT_FOUND, words)
}

fn not_allowed() -> Response {
    let mut response = detail(StatusCode::METHOD_NOT_ALLOWED, "Only GET is allowed.");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
    response
}

/// An error in the words of Django REST framework, which is not FHIR.
fn detail(status: StatusCode, words: &str) -> Response {
    answer_with(status, JSON, Json::with("detail", words).render())
}
