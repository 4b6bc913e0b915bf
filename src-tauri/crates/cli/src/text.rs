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

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Rows under a heading, each column as wide as its widest cell.
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
            .map(Option::unwrap_or_default)
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
    fn lines_are_cut_on_a_terminal_only() {
        let mut table = Table::new([("TITLE", Align::Left)]);
        table.row(["a rather long title"]);
        assert_eq!(table.lines(Some(9)), ["TITLE", "a rather…"]);
        assert_eq!(table.lines(None), ["TITLE", "a rather long title"]);
    }

    #[test]
    fn nothing_that_a_portal_sends_reaches_the_terminal_as_a_command() {
        assert_eq!(plain("\u{1b}[31mred\u{7}\r\u{9b}2J\nnext"), " [31mred   2J\nnext");
        assert_eq!(plain("abc\u{202e}def"), "abc def");
        assert_eq!(one_line("two\nlines \t here"), "two lines here");
    }
}
