//! What can be typed, exactly as others script against it.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::SignedDuration;
use onhand_core::record::Kind;

use crate::host::HAS_OWN_CLIENT;

/// Your OnPatient records, on hand: copied to this computer, encrypted, readable without a network.
#[derive(Clone, Debug, Parser)]
#[command(name = "onhand", version, propagate_version = false, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done and complete, 1 failed, 2 wrong usage, 3 partly done, \
                        4 sign-in needed.\nThe passphrase, where there is one, is taken from \
                        ONHAND_PASSPHRASE or asked for.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options that every command takes, before it or after it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Common {
    /// Where the data lies.
    #[arg(long, global = true, env = "ONHAND_DATA_DIR", value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where the key of a new database is kept.
    #[arg(long, global = true, value_enum)]
    pub(crate) vault: Option<VaultChoice>,
    /// The portal that a new connection goes to [default: https://onpatient.com].
    #[arg(long, global = true, env = "ONHAND_PORTAL", value_name = "ADDRESS")]
    pub(crate) portal: Option<String>,
    /// Prints one JSON document instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// Where the key of a new database is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VaultChoice {
    /// In the system's keychain.
    Keychain,
    /// Behind a passphrase.
    Passphrase,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Signs in at the portal through the browser.
    Connect(Connect),
    /// Copies the whole record from the portal.
    Sync,
    /// Says who is connected, whose records are here, and what is missing and why.
    Status,
    /// Lists records, newest first; a search gives the best match first.
    Records(Records),
    /// Shows one record in full.
    Show(Show),
    /// Signs out at the portal.
    Disconnect(Disconnect),
    /// Removes every certificate of Onhand from the browsers' stores.
    Untrust,
    /// Runs a practice portal with invented people on this computer, until Ctrl+C.
    Sandbox(Sandbox),
}

/// `onhand connect`
#[derive(Args, Clone, Debug)]
pub(crate) struct Connect {
    /// The client id from the portal's own page for apps; a program that was built with one needs
    /// none.
    #[arg(long, value_name = "ID", required = !HAS_OWN_CLIENT)]
    pub(crate) client_id: Option<String>,
    /// Reads the client secret from standard input (its first line).
    #[arg(long)]
    pub(crate) client_secret_stdin: bool,
    /// A redirect address as registered at the portal, where it is not one of the usual three.
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Vec<String>,
    /// Opens no browser; the address stands in the line `open: …`.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Takes the address of a page that failed to load from standard input, a line each, as it does
    /// where that is a terminal.
    #[arg(long)]
    pub(crate) paste: bool,
    /// How long to wait for the sign-in: 90s, 10m, 1h.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// Accepts the person whose record it is without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `onhand records`
#[derive(Args, Clone, Debug)]
pub(crate) struct Records {
    /// Only records of this kind; may be given more than once.
    #[arg(long, value_delimiter = ',', value_parser = kind_parser())]
    pub(crate) kind: Vec<Kind>,
    /// Only records with all of these words.
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    pub(crate) search: Option<String>,
    /// Only this person's records: the number or the name that `onhand status` says.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Option<String>,
    /// Only records that do not say whose they are, or name somebody unknown to their sign-in.
    #[arg(long, conflicts_with = "person")]
    pub(crate) unsaid: bool,
    /// At most so many.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
}

/// `onhand show`
#[derive(Args, Clone, Debug)]
pub(crate) struct Show {
    /// The record's number, as `onhand records` says it.
    pub(crate) id: i64,
    /// Writes the resource exactly as the portal sent it, byte for byte.
    #[arg(long)]
    pub(crate) raw: bool,
    /// Writes a file that came with the record, byte for byte: the first is 1.
    #[arg(long, value_name = "N", conflicts_with = "raw")]
    pub(crate) attachment: Option<u32>,
}

/// `onhand disconnect`
#[derive(Args, Clone, Debug)]
pub(crate) struct Disconnect {
    /// Keeps the records that were copied.
    #[arg(long, conflicts_with = "delete_records")]
    pub(crate) keep_records: bool,
    /// Deletes the records that were copied, for good.
    #[arg(long)]
    pub(crate) delete_records: bool,
    /// Does it without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `onhand sandbox`
#[derive(Args, Clone, Debug)]
pub(crate) struct Sandbox {
    /// The port on this computer; 0 takes any free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Only this invented person's log-in.
    #[arg(long, value_name = "NAME")]
    pub(crate) patient: Option<String>,
    /// What goes wrong: a list with commas, such as flaky,slow:150,refuse:Procedure.
    #[arg(long, value_name = "FAULTS")]
    pub(crate) faults: Option<String>,
}

impl Arguments {
    /// What was typed, or what to print in its place: help, the version, or what is wrong with it.
    pub(crate) fn parse_from_words(
        words: impl IntoIterator<Item = OsString>,
    ) -> Result<Arguments, clap::Error> {
        let mut arguments = Arguments::try_parse_from(words)?;
        // An empty variable is as good as none.
        let common = &mut arguments.common;
        common.data_dir = common.data_dir.take().filter(|folder| !folder.as_os_str().is_empty());
        common.portal = common.portal.take().filter(|portal| !portal.trim().is_empty());
        Ok(arguments)
    }
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::name))
        .try_map(|name| Kind::from_name(&name).ok_or("there is no such kind"))
}

/// A length of time such as `90s`, `10m`, `1h 30m`, or a number of seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let seconds = text.trim().parse().map(Duration::from_secs).ok();
    let spelled = || text.parse().ok().and_then(|time: SignedDuration| time.try_into().ok());
    seconds
        .or_else(spelled)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "write it like 90s, 10m or 1h".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parse(line: &str) -> Result<Arguments, ErrorKind> {
        Arguments::parse_from_words(line.split_whitespace().map(OsString::from))
            .map_err(|error| error.kind())
    }

    #[test]
    fn the_definition_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn common_options_stand_before_or_after_the_command() {
        for line in [
            "onhand --data-dir /d --vault passphrase --portal https://p.example --json sync",
            "onhand sync --data-dir /d --vault passphrase --portal https://p.example --json",
            "onhand --json --vault passphrase sync --portal https://p.example --data-dir /d",
        ] {
            let common = parse(line).unwrap().common;
            assert_eq!(common.data_dir, Some(PathBuf::from("/d")), "{line}");
            assert_eq!(common.vault, Some(VaultChoice::Passphrase), "{line}");
            assert_eq!(common.portal.as_deref(), Some("https://p.example"), "{line}");
            assert!(common.json, "{line}");
        }
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let timeout = |text: &str| {
            let words = ["onhand", "connect", "--client-id", "x", "--timeout", text];
            match Arguments::parse_from_words(words.map(OsString::from)) {
                Ok(Arguments { command: Command::Connect(connect), .. }) => Some(connect.timeout),
                _ => None,
            }
        };
        assert_eq!(timeout("10m"), Some(Duration::from_secs(600)));
        assert_eq!(timeout("1h 30m"), Some(Duration::from_secs(5400)));
        assert_eq!(timeout("45"), Some(Duration::from_secs(45)));
        for wrong in ["", "0s", "-5m", "soon", "0"] {
            assert_eq!(timeout(wrong), None, "{wrong:?}");
        }
        let usual = parse("onhand connect --client-id x").unwrap();
        assert!(matches!(usual.command, Command::Connect(c) if c.timeout.as_secs() == 600));
    }

    #[test]
    fn kinds_go_by_the_names_of_the_wire() {
        let kinds = |line: &str| match parse(line) {
            Ok(Arguments { command: Command::Records(records), .. }) => Ok(records.kind),
            Ok(other) => panic!("{other:?}"),
            Err(kind) => Err(kind),
        };
        for kind in Kind::ALL {
            assert_eq!(kinds(&format!("onhand records --kind {}", kind.name())), Ok(vec![kind]));
        }
        let two = Ok(vec![Kind::Labs, Kind::Vitals]);
        assert_eq!(kinds("onhand records --kind labs,vitals"), two);
        assert_eq!(kinds("onhand records --kind labs --kind vitals"), two);
        assert_eq!(kinds("onhand records --kind lab"), Err(ErrorKind::InvalidValue));
    }

    #[test]
    fn what_does_not_fit_together_is_wrong_usage() {
        for (line, kind) in [
            ("onhand disconnect --keep-records --delete-records", ErrorKind::ArgumentConflict),
            ("onhand connect", ErrorKind::MissingRequiredArgument),
            ("onhand show", ErrorKind::MissingRequiredArgument),
            ("onhand show twelve", ErrorKind::ValueValidation),
            ("onhand export", ErrorKind::InvalidSubcommand),
            ("onhand backup", ErrorKind::InvalidSubcommand),
            ("onhand restore", ErrorKind::InvalidSubcommand),
            ("onhand sync --kind labs", ErrorKind::UnknownArgument),
        ] {
            assert_eq!(parse(line).unwrap_err(), kind, "{line}");
        }
    }
}
