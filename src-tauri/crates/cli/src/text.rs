//! Text for people: columns that stand under one another, and nothing that a portal could use to
//! play with the terminal.

use console::{measure_text_width, truncate_str};

/// The text with every control character but the line feed replaced by a blank: what comes from a
/// portal must not move the cursor or colour the screen.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(
            |char| {
                if char.is_control() && char != '\n' || is_bidi_control(char) { ' ' } else { char }
            },
        )
        .collect()
}

/// The same in one line.
pub(crate) fn one_line(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A cell that is wider than this pushes the rest of its line aside, instead of every other line.
const WIDEST: usize = 48;

/// A moment (RFC 3339) without its fraction of a second.
pub(crate) fn moment(text: &str) -> String {
    match text.split_once('.') {
        Some((seconds, rest)) => {
            seconds.to_owned() + rest.trim_start_matches(|char: char| char.is_ascii_digit())
        }
        None => text.to_owned(),
    }
}

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Rows under a heading, each column as wide as its widest cell, within reason.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: impl IntoIterator<Item = (&'static str, Align)>) -> Table {
        Table { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row; a cell may hold anything, and stands in one line.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        self.rows.push(cells.into_iter().map(|cell| one_line(cell.as_ref())).collect());
    }

    /// The table's lines. On a terminal of that width the lines are cut to it; else nothing is.
    pub(crate) fn lines(&self, width: Option<usize>) -> Vec<String> {
        let heading = self.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let rows = || std::iter::once(&heading).chain(&self.rows);
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|idx| {
                rows()
                    .filter_map(|row: &Vec<String>| row.get(idx))
                    .map(|c| measure_text_width(c))
                    .max()
            })
            .map(|width| width.unwrap_or_default().min(WIDEST))
            .collect();
        rows()
            .map(|row| {
                let cells = row.iter().zip(&self.columns).zip(&widths).map(
                    |((cell, (_, align)), width)| {
                        let blank = " ".repeat(width.saturating_sub(measure_text_width(cell)));
                        match align {
                            Align::Left => format!("{cell}{blank}"),
                            Align::Right => format!("{blank}{cell}"),
                        }
                    },
                );
                let line = cells.collect::<Vec<_>>().join("  ");
                let line = line.trim_end();
                match width {
                    Some(width) => truncate_str(line, width, "…").into_owned(),
                    None => line.to_owned(),
                }
            })
            .collect()
    }
}

/// Overrides and isolates, which make text read in another order than it is written.
fn is_bidi_control(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_one_another_whatever_their_letters() {
        let mut table =
            Table::new([("NAME", Align::Left), ("N", Align::Right), ("WHY", Align::Left)]);
        table.row(["Müller", "7", ""]);
        table.row(["日本", "1234", "two\nlines"]);
        assert_eq!(
            table.lines(None),
            ["NAME       N  WHY", "Müller     7", "日本    1234  two lines"]
        );
    }

    #[test]
    fn one_very_long_cell_moves_its_own_line_only() {
        let mut table = Table::new([("TITLE", Align::Left), ("N", Align::Right)]);
        table.row([&"long ".repeat(30), "1"]);
        table.row(["short", "2"]);
        let lines = table.lines(None);
        assert!(lines[1].ends_with("long  1") && lines[1].len() > 140, "{lines:?}");
        assert_eq!(lines[2], format!("{:48}  2", "short"));
    }

    #[test]
    fn lines_are_cut_on_a_terminal_only() {
        let mut table = Table::new([("TITLE", Align::Left)]);
        table.row(["a rather long title"]);
        assert_eq!(table.lines(Some(9)), ["TITLE", "a rather…"]);
        assert_eq!(table.lines(None), ["TITLE", "a rather long title"]);
    }

    #[test]
    fn a_moment_is_told_to_the_second() {
        assert_eq!(moment("2026-11-24T00:29:16.059573989Z"), "2026-11-24T00:29:16Z");
        assert_eq!(moment("2026-11-24T00:29:16.5+01:00"), "2026-11-24T00:29:16+01:00");
        assert_eq!(moment("2026-11-24T00:29:16Z"), "2026-11-24T00:29:16Z");
    }

    #[test]
    fn nothing_that_a_portal_sends_reaches_the_terminal_as_a_command() {
        assert_eq!(plain("\u{1b}[31mred\u{7}\r\u{9b}2J\nnext"), " [31mred   2J\nnext");
        assert_eq!(plain("abc\u{202e}def"), "abc def");
        assert_eq!(one_line("two\nlines \t here"), "two lines here");
    }
}
