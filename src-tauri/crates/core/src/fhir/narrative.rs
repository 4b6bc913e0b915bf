//! Markup → plain text: `DSTU2 Narrative.div`, and any other text that was sent as HTML.

use std::borrow::Cow;

/// Whether a text holds markup: a tag, plain or escaped.
pub fn has_markup(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let (_, from) = rest.split_at_checked(at).unwrap_or(("", ""));
        let inner = from.strip_prefix('<').or_else(|| from.strip_prefix("&lt;"));
        if inner.is_some_and(is_tag) {
            return true;
        }
        let mut chars = from.chars();
        chars.next();
        rest = chars.as_str();
    }
    false
}

/// The words of a text that may hold markup, escaped once, twice, or not at all: tags and scripts
/// dropped, character references resolved, paragraphs and rows on lines of their own.
pub fn plain_text(markup: &str) -> String {
    if is_plain_line(markup) {
        return markup.trim().to_owned();
    }
    let mut text = Cow::Borrowed(markup);
    // What was escaped twice shows tags only after it was unescaped once.
    for _ in 0..2 {
        if has_tag(&text) || !text.contains("&lt;") && !text.contains("&amp;lt;") {
            break;
        }
        text = Cow::Owned(unescape(&text));
    }
    let stripped = if has_tag(&text) { strip_tags(&text) } else { text.into_owned() };
    squeeze(&unescape(&stripped))
}

/// Resolves the character references of a text.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let name_end = after.find(';').filter(|end| *end <= 10);
        let reference = name_end.and_then(|end| after.split_at_checked(end));
        match reference.and_then(|(name, tail)| Some((character(name)?, tail))) {
            Some((found, tail)) => {
                out.push(found);
                rest = tail.strip_prefix(';').unwrap_or(tail);
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a text is one line of single-spaced words without any markup: most are.
fn is_plain_line(text: &str) -> bool {
    let mut before = b'x';
    text.bytes().all(|byte| {
        let plain = match byte {
            b' ' => before != b' ',
            b'<' | b'&' | 0..=0x1f => false,
            _ => byte.is_ascii(),
        };
        before = byte;
        plain
    })
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|found| !found.is_control() || *found == '\n');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "deg" => '°',
        "micro" => 'µ',
        "plusmn" => '±',
        "le" => '≤',
        "ge" => '≥',
        "times" => '×',
        "middot" => '·',
        "bull" => '•',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "frac12" => '½',
        "eacute" => 'é',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        _ => return None,
    })
}

fn has_tag(text: &str) -> bool {
    text.split('<').skip(1).any(is_tag)
}

/// Whether what follows a `<` is a tag; "<150" and "a < b" are none.
fn is_tag(after: &str) -> bool {
    if after.starts_with("!--") || after.starts_with("![CDATA[") || after.starts_with("!DOCTYPE") {
        return true;
    }
    let name = after.strip_prefix('/').unwrap_or(after);
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return false;
    }
    let name_end = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':')
        .unwrap_or(name.len());
    let rest = name.get(name_end..).unwrap_or_default();
    rest.starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace()) && rest.contains('>')
        || rest.starts_with("&gt;")
        || rest.starts_with(char::is_whitespace) && rest.contains("&gt;")
}

fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        if !is_tag(after) {
            out.push('<');
            rest = after;
            continue;
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, tail)| tail);
            continue;
        }
        let (tag, tail) = after.split_once('>').unwrap_or((after, ""));
        let name = tag
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        rest = tail;
        match name.as_str() {
            "script" | "style" | "head" | "title"
                if !tag.starts_with('/') && !tag.ends_with('/') =>
            {
                rest = after_close(tail, &name);
            }
            "br" | "p" | "div" | "tr" | "li" | "ul" | "ol" | "table" | "h1" | "h2" | "h3"
            | "h4" | "h5" | "h6" | "thead" | "tbody" | "dl" | "dt" | "pre" | "hr"
            | "blockquote" => {
                out.push('\n');
            }
            "td" | "th" | "dd" if !tag.starts_with('/') => out.push_str(" \u{1f}"),
            _ => {}
        }
    }
    out.push_str(rest);
    out
}

fn after_close<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        let closes = after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if closes {
            return after.split_once('>').map_or("", |(_, tail)| tail);
        }
        rest = after;
    }
    ""
}

/// Joins runs of white space, drops empty lines, and sets a bar between the cells of a row.
fn squeeze(text: &str) -> String {
    let lines = text.lines().filter_map(|line| {
        let cells: Vec<String> = line
            .split('\u{1f}')
            .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|cell| !cell.is_empty())
            .collect();
        (!cells.is_empty()).then(|| cells.join(" | "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn drops_tags_and_scripts() {
        check(
            "<div xmlns=\"x\"><p>Cough <b>dry</b></p><script>alert(1)</script><p>3&nbsp;days</p></div>",
            "Cough dry\n3 days",
        );
        check("<SCRIPT>x<y</script >kept", "kept");
        check("a<br/>b", "a\nb");
        check("<!-- hidden -->shown", "shown");
    }

    #[test]
    fn unescapes_what_was_escaped_twice() {
        check("&lt;div>Asthma &amp;amp; eczema&lt;/div>", "Asthma & eczema");
        check("&amp;lt;div&amp;gt;Asthma&amp;lt;/div&amp;gt;", "Asthma");
        check("&lt;div&gt;Asthma&lt;/div&gt;", "Asthma");
    }

    #[test]
    fn sets_the_cells_of_a_row_apart() {
        check(
            "<table><tr><td>Na</td><td>140</td></tr><tr><td>K</td><td>4.0</td></tr></table>",
            "Na | 140\nK | 4.0",
        );
    }

    #[test]
    fn leaves_plain_text_alone() {
        check("LDL <150 and HDL >40", "LDL <150 and HDL >40");
        check("R&D; 5 < 6", "R&D; 5 < 6");
        assert!(!has_markup("LDL <150 and HDL >40, a<b"));
        assert!(has_markup("<b>x</b>") && has_markup("&lt;div>x") && has_markup("a<br/>"));
    }

    proptest! {
        #[test]
        fn never_panics_and_leaves_no_script(text in "[<>/&;a-zA-Z#0-9 =\"é]{0,120}") {
            let _ = has_markup(&text);
            prop_assert!(!plain_text(&text).to_ascii_lowercase().contains("<script>"));
        }
    }

    fn check(markup: &str, expected: &str) {
        assert_eq!(plain_text(markup), expected);
    }
}
