//! Tells a resource in words: any element by its shape, with a label made from its name.
//!
//! What has been told is marked on the value itself, so that whatever is left over at the end can be
//! found and told too: nothing that was sent is dropped.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use crate::fhir::code_system::CodeSystem;
use crate::fhir::datatype::{self, Concept, Notes, Shape, shape};
use crate::fhir::date;
use crate::fhir::json::{self, Member, Node, Value};
use crate::fhir::narrative;

use super::table::{self, Type};
use super::title::{self, Title};
use super::when::when;
use super::{Attachment, Code, Field, Link, Lookup, Section, Tone, When};

/// Reads one resource and collects what it points to.
pub(super) struct Teller<'r> {
    pub(super) root: &'r Value<'r>,
    pub(super) notes: Notes,
    lookup: &'r dyn Lookup,
    n_followed: Cell<usize>,
    links: RefCell<Vec<Link>>,
    missing: RefCell<BTreeSet<String>>,
    attachments: RefCell<Vec<Attachment>>,
}

/// How many references are followed one after the other.
const MAX_FOLLOWED: usize = 3;

/// What stands behind a text: codes, the records pointed to, a date.
#[derive(Default)]
pub(super) struct Behind {
    pub(super) codes: Vec<Code>,
    pub(super) references: Vec<String>,
    pub(super) when: Option<When>,
}

impl<'r> Teller<'r> {
    pub(super) fn new(root: &'r Value<'r>, lookup: &'r dyn Lookup) -> Self {
        Self {
            root,
            lookup,
            notes: Notes::default(),
            n_followed: Cell::new(0),
            links: RefCell::default(),
            missing: RefCell::default(),
            attachments: RefCell::default(),
        }
    }

    /// What finds other resources.
    pub(super) fn lookup(&self) -> &'r dyn Lookup {
        self.lookup
    }

    /// `Type/id` of an address, as [`datatype::target`]; a name that is no address (`urn:uuid:…`) as it
    /// is where what goes by it has not come.
    pub(super) fn target(&self, address: &str) -> Option<String> {
        let target = datatype::target(address)?;
        let named = datatype::urn_id(&target).and_then(|_| self.lookup.named(&target));
        Some(named.unwrap_or(target))
    }

    /// The links, the missing records and the attachments found.
    pub(super) fn into_found(self) -> (Vec<Link>, Vec<String>, Vec<Attachment>) {
        let missing = self.missing.into_inner().into_iter().collect();
        let mut links = self.links.into_inner();
        let mut seen = BTreeSet::new();
        links.retain(|link| seen.insert(link.clone()));
        (links, missing, self.attachments.into_inner())
    }

    /// Notes that this record points to `target`.
    pub(super) fn link(&self, role: &str, target: &str) {
        // What came along is told with the record, not beside it.
        if target.starts_with('#') {
            return;
        }
        let link = Link { role: role.to_owned(), target: target.to_owned() };
        self.links.borrow_mut().push(link);
    }

    /// Gives the resource that `target` names, contained or looked up, to `read`; `None`, noted as
    /// missing, where it has not come.
    pub(super) fn with_target<T>(
        &self,
        target: &str,
        read: impl FnOnce(&Value<'_>) -> Option<T>,
    ) -> Option<T> {
        // A resource may point to itself, or round in a circle.
        let n_followed = self.n_followed.get();
        if n_followed >= MAX_FOLLOWED {
            return None;
        }
        self.n_followed.set(n_followed + 1);
        let found = self.read_target(target, read);
        self.n_followed.set(n_followed);
        found
    }

    fn read_target<T>(
        &self,
        target: &str,
        read: impl FnOnce(&Value<'_>) -> Option<T>,
    ) -> Option<T> {
        if let Some(id) = target.strip_prefix('#') {
            return read(self.contained(id)?);
        }
        let Some(bytes) = self.lookup.resource(target) else {
            if target.contains('/') && !target.contains("://") {
                self.missing.borrow_mut().insert(target.to_owned());
            }
            return None;
        };
        let document = json::parse(&bytes);
        read(&document.root?)
    }

    /// The contained resource of that id (`DSTU2 DomainResource.contained`).
    pub(super) fn contained(&self, id: &str) -> Option<&'r Value<'r>> {
        let contained = self.root.get("contained")?;
        contained.each().find(|inner| {
            let sent = inner.get("id").and_then(Value::scalar).unwrap_or_default();
            sent.trim_start_matches('#') == id
        })
    }

    /// The name of a resource by its type's chain, and the codes of the element it comes from.
    /// Nothing is marked as told that is not returned.
    pub(super) fn title(
        &self,
        resource: &Value<'_>,
        known: &Type,
        codes: &mut Vec<Code>,
    ) -> Option<Title> {
        let shouting = matches!(
            known.kind,
            super::Kind::Medicines
                | super::Kind::Procedures
                | super::Kind::Allergies
                | super::Kind::Problems
                | super::Kind::Immunizations
        );
        for path in known.title {
            let mut found = None;
            let mut official = None;
            visit(resource, path, &mut |_, value| {
                if found.is_some() && *path != "name" {
                    return;
                }
                if shape(value) == Shape::Name {
                    let rank = match value.get("use").and_then(Value::str) {
                        Some("official") => 0,
                        Some("usual") => 1,
                        Some("old" | "maiden" | "temp" | "anonymous") => 3,
                        Some(_) | None => 2,
                    };
                    if official.is_none_or(|best| rank < best)
                        && let Some(name) = peek_name(value)
                    {
                        official = Some(rank);
                        found = title::of_plain(&name, false);
                    }
                } else if found.is_none() {
                    found = self.title_of(value, shouting, codes);
                }
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn title_of(&self, value: &Value<'_>, shouting: bool, codes: &mut Vec<Code>) -> Option<Title> {
        if let Some(text) = value.scalar() {
            return title::of_plain(&code_words(text.trim()), shouting);
        }
        match shape(value) {
            Shape::Reference => {
                let display = || {
                    let display = value.get("display").and_then(Value::str)?;
                    title::of_plain(display, shouting)
                };
                let address = value.get("reference").and_then(Value::str);
                let target = address.and_then(|address| self.target(address));
                let named = target.as_deref().and_then(|target| {
                    self.with_target(target, |inner| {
                        let known = table::of(resource_type(inner));
                        self.title(inner, known, codes)
                    })
                });
                named.or_else(display)
            }
            Shape::Concept | Shape::Coding => {
                let concept = peek_concept(value);
                if codes.is_empty() {
                    codes.extend(concept.codings.iter().map(title::code));
                }
                title::of_concept(&concept, shouting)
            }
            Shape::Quantity
            | Shape::Range
            | Shape::Ratio
            | Shape::Period
            | Shape::Timing
            | Shape::Identifier
            | Shape::Name
            | Shape::Contact
            | Shape::Address
            | Shape::Attachment
            | Shape::Annotation
            | Shape::Sampled
            | Shape::Extension
            | Shape::Narrative
            | Shape::Other => None,
        }
    }

    /// The date at `path`, if it can be read; `@name/…` goes on in the resource `name` points to.
    pub(super) fn when(&self, path: &str, label: &str) -> Option<When> {
        if let Some(rest) = path.strip_prefix('@') {
            let (name, rest) = rest.split_once('/')?;
            let address = self.root.get(name)?.get("reference").and_then(Value::str)?;
            return self.with_target(&self.target(address)?, |inner| {
                first(inner, rest, |value| read_when(value, label))
            });
        }
        first(self.root, path, |value| read_when(value, label))
    }

    /// Tells each element at `path` below `object`, under `label`.
    pub(super) fn tell(&self, object: &Value<'_>, path: &str, label: &str, out: &mut Vec<Field>) {
        visit(object, path, &mut |key, value| out.extend(self.field(key, label, value)));
    }

    /// Tells one element, and marks what it told.
    pub(super) fn field(&self, key: &str, label: &str, value: &Value<'_>) -> Option<Field> {
        let mut behind = Behind::default();
        let mut text = self.words(key, value, &mut behind)?;
        // Only what is a date and nothing else is one; a date among words stands in words.
        let when = behind.when.take().filter(|_| value.scalar().is_some() || is_period(value));
        if let Some(when) = &when {
            text = match is_period(value) {
                true => datatype::period_words(when.start.as_deref(), when.end.as_deref())?,
                false => value.scalar()?.trim().to_owned(),
            };
        }
        Some(Field {
            label: label.to_owned(),
            text,
            when,
            tone: Tone::Plain,
            reference: behind.references.into_iter().next(),
            codes: behind.codes,
        })
    }

    /// Any element in words; `None` where it says nothing.
    pub(super) fn words(
        &self,
        key: &str,
        value: &Value<'_>,
        behind: &mut Behind,
    ) -> Option<String> {
        match value.node() {
            Node::Null => None,
            Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Opaque(_) => {
                self.scalar_words(key, value, behind)
            }
            Node::Array(items) => {
                let words: Vec<String> =
                    items.iter().filter_map(|item| self.words(key, item, behind)).collect();
                Some(words.join(", ")).filter(|words| !words.is_empty())
            }
            Node::Object(_) => self.object_words(key, value, behind),
        }
    }

    fn scalar_words(&self, key: &str, value: &Value<'_>, behind: &mut Behind) -> Option<String> {
        value.mark();
        if let Node::Bool(truth) = value.node() {
            return Some(if *truth { "Yes" } else { "No" }.to_owned());
        }
        let text = value.scalar()?.trim();
        if text.is_empty() {
            return None;
        }
        if !matches!(value.node(), Node::String(_)) {
            return Some(text.to_owned());
        }
        if text.len() > 1000 && !text.contains(char::is_whitespace) {
            return Some(format!("{} characters of data, in the source", text.len()));
        }
        // Identifiers can look like years.
        let is_dated = text.len() >= 7 || key.contains("ate") || key.contains("ime");
        if is_dated
            && text.len() >= 4
            && let Some(found) = when(Some(text), None, "on")
        {
            behind.when.get_or_insert(found);
            return Some(date::words(text).unwrap_or_else(|| text.to_owned()));
        }
        if narrative::has_markup(text) {
            return Some(narrative::plain_text(text)).filter(|plain| !plain.is_empty());
        }
        Some(code_words(text))
    }

    fn object_words(&self, key: &str, value: &Value<'_>, behind: &mut Behind) -> Option<String> {
        let notes = &self.notes;
        if matches!(key, "extension" | "modifierExtension") && shape(value) != Shape::Extension {
            // One without a value has only its address.
            let address = datatype::text(value, "url", notes)?;
            return Some(format!("{address}, without a value"));
        }
        match shape(value) {
            Shape::Concept | Shape::Coding => {
                self.concept_words(&datatype::concept(value, notes), behind)
            }
            Shape::Quantity => {
                behind.codes.extend(unit_code(value, notes));
                datatype::quantity(value, notes).words()
            }
            Shape::Range => {
                for bound in ["low", "high"].into_iter().filter_map(|key| value.get(key)) {
                    behind.codes.extend(unit_code(bound, notes));
                }
                behind.codes.dedup();
                datatype::range_words(value, notes)
            }
            Shape::Ratio => {
                for part in
                    ["numerator", "denominator"].into_iter().filter_map(|key| value.get(key))
                {
                    behind.codes.extend(unit_code(part, notes));
                }
                datatype::ratio_words(value, notes)
            }
            Shape::Period => {
                let (start, end) = datatype::period(value, notes);
                if behind.when.is_none() {
                    behind.when = when(start, end, "on");
                }
                let words = |text: Option<&str>| {
                    text.map(|text| date::words(text).unwrap_or_else(|| text.to_owned()))
                };
                datatype::period_words(words(start).as_deref(), words(end).as_deref())
            }
            Shape::Timing => datatype::timing_words(value, notes),
            Shape::Reference => self.reference_words(key, value, behind),
            Shape::Name => {
                let use_of = datatype::text(value, "use", notes);
                let name = datatype::name_words(value, notes)?;
                Some(match use_of.filter(|use_of| !matches!(*use_of, "official" | "usual")) {
                    Some(use_of) => format!("{name} ({})", code_words(use_of).to_lowercase()),
                    None => {
                        if let Some(sent) = value.get("use") {
                            sent.mark();
                        }
                        name
                    }
                })
            }
            Shape::Contact => {
                let sent = datatype::text(value, "value", notes)?;
                let qualifiers: Vec<&str> = [
                    datatype::text(value, "use", notes),
                    datatype::text(value, "system", notes).filter(|system| *system != "email"),
                ]
                .into_iter()
                .flatten()
                .collect();
                Some(match qualifiers.is_empty() {
                    true => sent.to_owned(),
                    false => format!("{sent} ({})", qualifiers.join(" ")),
                })
            }
            Shape::Address => {
                let qualifiers: Vec<&str> =
                    [datatype::text(value, "use", notes), datatype::text(value, "type", notes)]
                        .into_iter()
                        .flatten()
                        .collect();
                let address = datatype::address_words(value, notes)?;
                Some(match qualifiers.is_empty() {
                    true => address,
                    false => format!("{address} ({})", qualifiers.join(", ")),
                })
            }
            Shape::Identifier => {
                let number = datatype::text(value, "value", notes)?;
                let use_of = datatype::text(value, "use", notes);
                if let Some(system) = value.get("system") {
                    system.mark();
                }
                let kind = value.get("type").and_then(|kind| self.words("type", kind, behind));
                let qualifiers: Vec<String> = kind
                    .into_iter()
                    .chain(
                        use_of
                            .filter(|use_of| matches!(*use_of, "old" | "temp" | "secondary"))
                            .map(code_words),
                    )
                    .collect();
                Some(match qualifiers.is_empty() {
                    true => number.to_owned(),
                    false => format!("{number} ({})", qualifiers.join(", ")),
                })
            }
            Shape::Attachment => self.attachment_words(key, value),
            Shape::Annotation => {
                let note = narrative::plain_text(datatype::text(value, "text", notes)?);
                let author = ["authorString", "authorReference", "author"]
                    .into_iter()
                    .find_map(|name| Some((name, value.get(name)?)))
                    .and_then(|(name, author)| self.words(name, author, behind));
                let time = datatype::text(value, "time", notes);
                let time = time.map(|time| date::words(time).unwrap_or_else(|| time.to_owned()));
                let by: Vec<&str> = author.as_deref().into_iter().chain(time.as_deref()).collect();
                Some(match by.is_empty() {
                    true => note,
                    false => format!("{note} ({})", by.join(", ")),
                })
            }
            Shape::Sampled => {
                let n_values = value
                    .get("data")
                    .and_then(Value::str)
                    .map_or(0, |data| data.split_whitespace().count());
                value.get("data").into_iter().for_each(Value::mark);
                let mut words = format!("A recorded curve of {n_values} values, in the source");
                for (key, label) in [
                    ("period", "milliseconds apart"),
                    ("origin", "zero at"),
                    ("factor", "factor"),
                    ("lowerLimit", "lowest"),
                    ("upperLimit", "highest"),
                    ("dimensions", "dimensions"),
                ] {
                    let part = value.get(key).and_then(|part| self.words(key, part, behind));
                    if let Some(part) = part {
                        words.push_str(&format!("; {label} {part}"));
                    }
                }
                Some(words)
            }
            Shape::Narrative => {
                value.mark();
                let plain = narrative::plain_text(value.get("div").and_then(Value::str)?);
                Some(plain).filter(|plain| !plain.is_empty())
            }
            Shape::Extension => {
                let (label, words) = self.extension(value, behind)?;
                Some(format!("{label}: {words}"))
            }
            Shape::Other => self.element_words(value, behind),
        }
        .map(|words| match value.get("extension") {
            Some(extensions) if extensions.is_untold() && shape(value) != Shape::Extension => {
                let more: Vec<String> = extensions
                    .each()
                    .filter_map(|extension| self.words("extension", extension, behind))
                    .collect();
                if more.is_empty() { words } else { format!("{words}; {}", more.join("; ")) }
            }
            Some(_) | None => words,
        })
    }

    /// An extension's label, made from its address, and its value in words.
    fn extension(&self, value: &Value<'_>, behind: &mut Behind) -> Option<(String, String)> {
        let address = datatype::text(value, "url", &self.notes).unwrap_or("extension");
        let last = address.rsplit(['/', '#', ':']).find(|part| !part.is_empty());
        let label = label(last.unwrap_or("extension").trim_start_matches("us-core-"));
        let mut words: Vec<String> = Vec::new();
        for member in value.members().iter().filter(|member| member.key.starts_with("value")) {
            words.extend(self.words(&member.key, &member.value, behind));
        }
        for inner in value.get("extension").into_iter().flat_map(Value::each) {
            if let Some((label, inner)) = self.extension(inner, behind) {
                words.push(format!("{label}: {inner}"));
            }
        }
        (!words.is_empty()).then(|| (label, words.join("; ")))
    }

    /// An element of elements: each in words, after its name where the name says more than the
    /// place it stands in.
    fn element_words(&self, value: &Value<'_>, behind: &mut Behind) -> Option<String> {
        let telling = |member: &&Member<'_>| !is_silent(&member.key) && member.value.is_untold();
        let n_telling = value.members().iter().filter(telling).count();
        let mut words: Vec<String> = Vec::new();
        for member in value.members().iter().filter(|member| !is_silent(&member.key)) {
            // Said by the word before the whole.
            if matches!(
                (resource_type(self.root), &*member.key),
                ("List", "deleted") | ("CarePlan", "prohibited")
            ) {
                member.value.mark();
                continue;
            }
            let Some(inner) = self.words(&member.key, &member.value, behind) else { continue };
            let needs_label = n_telling > 1 && !SELF_EVIDENT.contains(&&*member.key);
            words.push(match needs_label && member.key != "extension" {
                true => format!("{}: {inner}", label(&member.key)),
                false => inner,
            });
        }
        Some(words.join("; ")).filter(|words| !words.is_empty())
    }

    /// A concept in words, its codes kept behind them.
    pub(super) fn concept_words(
        &self,
        concept: &Concept<'_>,
        behind: &mut Behind,
    ) -> Option<String> {
        behind.codes.extend(concept.codings.iter().map(title::code));
        if let Some(title) = title::of_concept(concept, false) {
            return Some(title.title);
        }
        if let Some(text) = concept.text {
            let plain = narrative::plain_text(text);
            return Some(code_words(&plain)).filter(|plain| !plain.is_empty());
        }
        let coding = concept.codings.first()?;
        let code = coding.display.or(coding.code)?;
        let known = code_words(code);
        Some(match coding.system.and_then(CodeSystem::from_address) {
            Some(system) if known == code => format!("{} code {code}", system.name()),
            // A word says something by itself, a number does not.
            None if known == code && code.bytes().any(|byte| byte.is_ascii_digit()) => {
                format!("code {code}")
            }
            Some(_) | None => known,
        })
    }

    fn reference_words(&self, key: &str, value: &Value<'_>, behind: &mut Behind) -> Option<String> {
        let reference = datatype::reference(value, &self.notes);
        let target = reference.reference.and_then(|address| self.target(address));
        if let Some(target) = &target {
            self.link(role(key), target);
            if !target.starts_with('#') {
                behind.references.push(target.clone());
            }
        }
        let display =
            reference.display.map(narrative::plain_text).filter(|display| !display.is_empty());
        display.or_else(|| {
            let target = target?;
            let (kind, id) = target.split_once('/').unwrap_or(("", target.as_str()));
            let is_named = target.starts_with('#') || NAMED.contains(&kind);
            let name = is_named
                .then(|| {
                    self.with_target(&target, |inner| {
                        let known = table::of(resource_type(inner));
                        let mut codes = Vec::new();
                        self.title(inner, known, &mut codes).map(|title| title.title)
                    })
                })
                .flatten();
            Some(name.unwrap_or_else(|| match kind {
                "" if target.strip_prefix('#').is_some_and(|id| self.contained(id).is_some()) => {
                    let id = target.trim_start_matches('#');
                    let kind = self.contained(id).map_or("", resource_type);
                    format!("{}, sent along", type_words(kind))
                }
                "" if target.starts_with('#') => {
                    format!("a record that was not sent along ({target})")
                }
                "" => format!("a record that cannot be told ({target})"),
                kind if target.contains("://") => format!("{kind} {id}"),
                kind if self.missing.borrow().contains(&target) => {
                    format!("{} {id}, not received", type_words(kind))
                }
                kind => format!("{} {id}", type_words(kind)),
            }))
        })
    }

    fn attachment_words(&self, key: &str, value: &Value<'_>) -> Option<String> {
        let notes = &self.notes;
        let content_type = datatype::text(value, "contentType", notes);
        let sent_title = datatype::text(value, "title", notes);
        let url = datatype::text(value, "url", notes);
        let sent_size = datatype::text(value, "size", notes).and_then(|size| size.parse().ok());
        let data = value.get("data").or_else(|| value.get("content"));
        let inline = data.and_then(Value::str);
        data.into_iter().chain(value.get("hash")).for_each(Value::mark);
        let language = datatype::text(value, "language", notes);
        let creation = datatype::text(value, "creation", notes)
            .map(|made| date::words(made).unwrap_or_else(|| made.to_owned()));
        let title =
            sent_title.map_or_else(|| plain_title(content_type).to_owned(), narrative::plain_text);
        let inline_size = inline.map(|data| {
            let n_chars = data.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count();
            (n_chars * 3 / 4) as u64
        });
        self.attachments.borrow_mut().push(Attachment {
            title: if title.is_empty() {
                plain_title(content_type).to_owned()
            } else {
                title.clone()
            },
            content_type: content_type.map(str::to_owned),
            size: inline_size.or(sent_size),
            url: url.map(str::to_owned),
            inline: inline.is_some(),
            data: data.filter(|data| data.str().is_some()).map(Value::span),
        });
        if let Some(target) =
            url.and_then(|url| self.target(url)).filter(|target| target.starts_with("Binary/"))
        {
            self.link(role(key), &target);
        }
        let more: Vec<&str> = content_type
            .into_iter()
            .chain(language)
            .chain(creation.as_deref())
            .chain(url)
            .collect();
        Some(match more.is_empty() {
            true => title,
            false => format!("{title} ({})", more.join(", ")),
        })
    }

    /// Adds the file that a whole resource is (`DSTU2 Binary`).
    pub(super) fn attach_root(&self) {
        if self.root.get("content").is_some() {
            let _ = self.attachment_words("content", self.root);
        }
    }

    /// Tells everything that has not been told: of the root in one last section, of contained
    /// resources in one each.
    pub(super) fn leftover(&self, sections: &mut Vec<Section>) {
        for contained in self.root.get("contained").into_iter().flat_map(Value::each) {
            let mut fields = Vec::new();
            self.rest_of(contained, &mut fields);
            if !fields.is_empty() {
                let words = type_words(resource_type(contained));
                sections.push(Section { title: format!("{words}, sent along"), fields });
            }
        }
        let mut fields = Vec::new();
        for (path, label) in META {
            self.tell(self.root, path, label, &mut fields);
        }
        self.rest_of(self.root, &mut fields);
        for field in &mut fields {
            field.tone = Tone::Quiet;
        }
        if !fields.is_empty() {
            sections.push(Section { title: "Also sent".to_owned(), fields });
        }
    }

    fn rest_of(&self, object: &Value<'_>, fields: &mut Vec<Field>) {
        for member in object.members() {
            if is_silent(&member.key) {
                member.value.mark();
                continue;
            }
            if member.value.is_untold() {
                self.rest(&label(&member.key), &member.key, &member.value, fields);
            }
        }
    }

    fn rest(&self, label_so_far: &str, key: &str, value: &Value<'_>, fields: &mut Vec<Field>) {
        if !value.is_untold() {
            return;
        }
        if !is_partly_told(value) && !matches!(value.node(), Node::Array(_)) {
            if shape(value) == Shape::Extension {
                let mut behind = Behind::default();
                if let Some((label, text)) = self.extension(value, &mut behind) {
                    fields.push(Field {
                        label,
                        text,
                        when: None,
                        tone: Tone::Plain,
                        reference: behind.references.into_iter().next(),
                        codes: behind.codes,
                    });
                }
            } else {
                fields.extend(self.field(key, label_so_far, value));
            }
        }
        // What that did not reach, element by element.
        match value.node() {
            Node::Array(items) => {
                for item in items {
                    self.rest(label_so_far, key, item, fields);
                }
            }
            Node::Object(members) => {
                for member in members {
                    if is_silent(&member.key) {
                        member.value.mark();
                    } else if member.value.is_untold() {
                        let inner = match member.key == "extension" {
                            true => label_so_far.to_owned(),
                            false => {
                                format!("{label_so_far}: {}", label(&member.key).to_lowercase())
                            }
                        };
                        self.rest(&inner, &member.key, &member.value, fields);
                    }
                }
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Opaque(_) => {
                if value.is_untold() {
                    fields.extend(self.field(key, label_so_far, value));
                }
            }
        }
    }
}

fn is_period(value: &Value<'_>) -> bool {
    !matches!(value.node(), Node::Array(_)) && value.is_object() && shape(value) == Shape::Period
}

/// Calls `found` with each element at `path` below `object`, and the name it stands under.
pub(super) fn visit<'v, 'a>(
    object: &'v Value<'a>,
    path: &str,
    found: &mut dyn FnMut(&'v str, &'v Value<'a>),
) {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let base = step.strip_suffix("[x]");
    for item in object.each() {
        for member in item.members() {
            let fits = match base {
                Some(base) => is_form_of(base, &member.key),
                None => member.key == step,
            };
            if !fits {
                continue;
            }
            if rest.is_empty() {
                member.value.each().for_each(|value| found(&member.key, value));
            } else {
                visit(&member.value, rest, found);
            }
        }
    }
}

/// The first element at `path` that `read` gives something for.
pub(super) fn first<T>(
    object: &Value<'_>,
    path: &str,
    mut read: impl FnMut(&Value<'_>) -> Option<T>,
) -> Option<T> {
    let mut result = None;
    visit(object, path, &mut |_, value| {
        if result.is_none() {
            result = read(value);
        }
    });
    result
}

/// Whether `key` is a form of the element `base[x]`.
pub(super) fn is_form_of(base: &str, key: &str) -> bool {
    key.strip_prefix(base).is_some_and(|form| form.is_empty() || FORMS.contains(&form))
}

/// `resourceType` of a resource, or nothing.
pub(super) fn resource_type<'v>(resource: &'v Value<'_>) -> &'v str {
    resource.get("resourceType").and_then(Value::str).unwrap_or_default()
}

/// A concept without marking it as told.
pub(super) fn peek_concept<'v>(value: &'v Value<'_>) -> Concept<'v> {
    let peek = |object: &'v Value<'_>, key: &str| {
        object
            .get(key)
            .and_then(|found| found.each().next())
            .and_then(Value::scalar)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let coding = |coding: &'v Value<'_>| datatype::Coding {
        system: peek(coding, "system"),
        code: peek(coding, "code").or_else(|| coding.scalar()),
        display: peek(coding, "display"),
        user_selected: coding.get("userSelected").and_then(Value::bool).unwrap_or(false),
    };
    if value.scalar().is_some() {
        return Concept { text: value.scalar(), codings: Vec::new() };
    }
    let mut codings: Vec<_> = match value.get("coding") {
        Some(codings) => codings.each().map(coding).collect(),
        None if value.get("code").is_some() || value.get("display").is_some() => {
            vec![coding(value)]
        }
        None => Vec::new(),
    };
    codings.sort_by_key(|coding| !coding.user_selected);
    Concept { text: peek(value, "text"), codings }
}

/// A label from an element's name: "dateRecorded" → "Date recorded", "us-core-race" → "Us core race".
pub(super) fn label(name: &str) -> String {
    let name = name.trim_start_matches('_');
    let base = FORMS
        .iter()
        .filter(|form| {
            !matches!(**form, "" | "Date" | "Time" | "Code" | "Age" | "Count" | "Money" | "Id")
        })
        .find_map(|form| name.strip_suffix(form))
        .filter(|base| !base.is_empty())
        .unwrap_or(name);
    let mut out = String::with_capacity(base.len() + 4);
    let mut before = ' ';
    let mut chars = base.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_upper = chars.peek().is_some_and(|next| next.is_uppercase());
        let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        if matches!(c, '-' | '_' | '.') {
            out.push(' ');
        } else if out.is_empty() {
            out.extend(c.to_uppercase());
        } else if c.is_uppercase() {
            // "DNARegion" is "DNA" and "Region".
            if !before.is_uppercase() || next_is_lower {
                out.push(' ');
            }
            let in_acronym = next_is_upper || before.is_uppercase() && !next_is_lower;
            if in_acronym { out.push(c) } else { out.extend(c.to_lowercase()) }
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// A type's name in words: "MedicationOrder" → "Prescription", "SomethingNew" → "Something new".
pub(super) fn type_words(name: &str) -> String {
    match table::of(name).noun {
        "" if name.is_empty() => "Record".to_owned(),
        "" => label(name),
        noun => noun.to_owned(),
    }
}

/// A code of FHIR's own in words; any other text as it is.
pub(super) fn code_words(text: &str) -> String {
    if let Some((_, words)) = CODE_WORDS.iter().find(|(code, _)| *code == text) {
        return (*words).to_owned();
    }
    let is_token = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && text.starts_with(|c: char| c.is_ascii_lowercase());
    if !is_token {
        return text.to_owned();
    }
    let spaced = text.replace('-', " ");
    let mut chars = spaced.chars();
    chars.next().map_or_else(String::new, |first| {
        let mut out = String::with_capacity(spaced.len());
        out.extend(first.to_uppercase());
        out.push_str(chars.as_str());
        out
    })
}

/// A text that goes on in the middle of a sentence.
pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_lowercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}

/// The role of a link: the name of the element it stands in, without its form.
fn role(key: &str) -> &str {
    key.strip_suffix("Reference").filter(|base| !base.is_empty()).unwrap_or(key)
}

/// The date or the period in an element, with `label`.
pub(super) fn read_when(value: &Value<'_>, label: &str) -> Option<When> {
    if let Some(text) = value.scalar() {
        return when(Some(text.trim()), None, label);
    }
    let text = |object: &Value<'_>, key: &str| {
        object.get(key).and_then(Value::str).map(|text| text.trim().to_owned())
    };
    let event = value.get("event").and_then(Value::str);
    if let Some(event) = event {
        return when(Some(event.trim()), None, label);
    }
    let bounds = value.get("repeat").and_then(|repeat| repeat.get("boundsPeriod")).unwrap_or(value);
    when(text(bounds, "start").as_deref(), text(bounds, "end").as_deref(), label)
}

fn peek_name(value: &Value<'_>) -> Option<String> {
    let part =
        |key: &str| value.get(key).into_iter().flat_map(Value::each).filter_map(Value::scalar);
    let text = part("text").next().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = text {
        return Some(text.to_owned());
    }
    let parts: Vec<&str> =
        ["prefix", "given", "family", "suffix"].into_iter().flat_map(part).map(str::trim).collect();
    Some(parts.join(" ")).filter(|name| !name.trim().is_empty())
}

fn is_partly_told(value: &Value<'_>) -> bool {
    match value.node() {
        Node::Array(items) => items.iter().any(is_partly_told),
        Node::Object(members) => members
            .iter()
            .filter(|member| !is_silent(&member.key))
            .any(|member| is_partly_told(&member.value)),
        Node::Null => false,
        Node::String(text) => !text.trim().is_empty() && !value.is_untold(),
        Node::Bool(_) | Node::Number(_) | Node::Opaque(_) => !value.is_untold(),
    }
}

/// Elements that say nothing to a reader.
fn is_silent(key: &str) -> bool {
    matches!(key, "id" | "resourceType" | "fhir_comments")
}

/// The code of a quantity's unit, where it says more than the unit.
fn unit_code(value: &Value<'_>, notes: &Notes) -> Option<Code> {
    let quantity = datatype::quantity(value, notes);
    let code = quantity
        .code
        .filter(|code| quantity.unit.is_some_and(|unit| !unit.eq_ignore_ascii_case(code)))?;
    let system = value.get("system").and_then(Value::str);
    Some(Code {
        system: system.map(str::to_owned),
        system_name: system
            .and_then(CodeSystem::from_address)
            .map(|system| system.name().to_owned()),
        code: Some(code.to_owned()),
        display: quantity.unit.map(str::to_owned),
    })
}

fn plain_title(content_type: Option<&str>) -> &'static str {
    let content_type = content_type.unwrap_or_default();
    match content_type.split(['/', ';', '+']).next().unwrap_or_default() {
        "image" => "Image",
        "audio" => "Recording",
        "video" => "Video",
        "text" => "Text",
        _ if content_type.starts_with("application/pdf") => "PDF document",
        _ if content_type.contains("xml") => "Structured document",
        _ => "Attachment",
    }
}

/// What the portal says about the record itself (`DSTU2 Meta`).
const META: &[(&str, &str)] = &[
    ("meta.lastUpdated", "Last updated at the portal"),
    ("meta.versionId", "Version at the portal"),
    ("meta.security", "Confidentiality"),
    ("meta.tag", "Tag"),
];

/// The datatypes that stand behind the name of an element with several forms.
const FORMS: &[&str] = &[
    "DateTime",
    "Date",
    "Period",
    "CodeableConcept",
    "Reference",
    "Quantity",
    "SimpleQuantity",
    "String",
    "Boolean",
    "Range",
    "Ratio",
    "Age",
    "Duration",
    "Timing",
    "Attachment",
    "Integer",
    "PositiveInt",
    "UnsignedInt",
    "Decimal",
    "Uri",
    "SampledData",
    "Time",
    "Instant",
    "Coding",
    "Identifier",
    "Code",
    "Money",
    "Count",
    "Distance",
    "Base64Binary",
    "Markdown",
    "Address",
    "HumanName",
    "ContactPoint",
    "Annotation",
    "Signature",
    "Id",
    "Oid",
];

/// Types whose name is looked up where a reference does not say it.
const NAMED: &[&str] = &[
    "Practitioner",
    "Organization",
    "Location",
    "Medication",
    "Substance",
    "Device",
    "RelatedPerson",
    "Condition",
    "Specimen",
    "Goal",
    "Procedure",
    "MedicationStatement",
    "MedicationOrder",
    "AllergyIntolerance",
    "Immunization",
    "FamilyMemberHistory",
    "DiagnosticReport",
    "DocumentReference",
    "CarePlan",
];

/// Element names that add nothing to the element they stand in.
const SELF_EVIDENT: &[&str] = &[
    "actor",
    "individual",
    "item",
    "member",
    "reference",
    "code",
    "concept",
    "text",
    "value",
    "name",
    "party",
    "detail",
    "summary",
    "location",
    "language",
    "target",
    "contentString",
    "contentAttachment",
    "contentReference",
    "display",
    "content",
    "attachment",
    "role",
    "itemCodeableConcept",
    "itemReference",
    "relationship",
];

/// Codes of FHIR's own whose letters say little.
const CODE_WORDS: &[(&str, &str)] = &[
    ("CRITL", "Low risk"),
    ("CRITH", "High risk"),
    ("CRITU", "Risk not known"),
    ("noshow", "Missed"),
    ("nilknown", "None known"),
    ("notasked", "Nobody asked"),
    ("needs-action", "No answer yet"),
    ("ONLINE", "At hand"),
    ("NEARLINE", "At hand after a while"),
    ("OFFLINE", "Not at hand"),
    ("UNAVAILABLE", "Not available"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_labels_from_names() {
        for (name, expected) in [
            ("dateRecorded", "Date recorded"),
            ("lotNumber", "Lot number"),
            ("valueCodeableConcept", "Value"),
            ("onsetAge", "Onset age"),
            ("us-core-race", "Us core race"),
            ("_birthDate", "Birth date"),
            ("expirationDate", "Expiration date"),
            ("udi", "Udi"),
            ("geneticsDNARegionName", "Genetics DNA region name"),
            ("productURL", "Product URL"),
            ("subscriberId", "Subscriber id"),
        ] {
            assert_eq!(label(name), expected);
        }
    }

    #[test]
    fn knows_the_forms_of_an_element() {
        assert!(is_form_of("onset", "onsetDateTime") && is_form_of("onset", "onset"));
        assert!(!is_form_of("value", "valueSet") && !is_form_of("reason", "reasonNotTaken"));
    }

    #[test]
    fn puts_codes_into_words() {
        assert_eq!(code_words("in-progress"), "In progress");
        assert_eq!(code_words("CRITH"), "High risk");
        assert_eq!(code_words("Take with food"), "Take with food");
        assert_eq!(code_words("a@b.example"), "a@b.example");
    }
}
