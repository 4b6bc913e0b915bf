//! `onhand`: everything the app does, without a window.

mod args;
mod connect;
mod disconnect;
mod exit;
mod host;
mod output;
mod progress;
mod record;
mod sandbox;
mod status;
mod sync;
mod text;
mod untrust;

use std::{env, process::ExitCode};

use args::{Arguments, Command};
use exit::{Exit, Stop};
use host::Host;
use output::Output;

/// The first argument by which this program calls itself to write to a browser's NSS database.
const NSS_HELPER: &str = onhand_nss::HELPER_ARGUMENT;

fn main() -> ExitCode {
    onhand_core::memory::keep_off_the_disk();
    if env::args_os().nth(1).is_some_and(|first| first == NSS_HELPER) {
        return onhand_nss::helper_main();
    }
    let arguments = match Arguments::parse_from_words(env::args_os()) {
        Ok(arguments) => arguments,
        Err(instead) => {
            // Help and version go to standard output, what is wrong to standard error.
            let exit = if instead.use_stderr() { Exit::Usage } else { Exit::Done };
            return instead.print().map_or(Exit::Failed, |()| exit).into();
        }
    };
    let output = Output { json: arguments.common.json };
    let exit = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(run(arguments, output)),
        Err(error) => Err(Stop::failed(format!("Onhand could not start ({error})."))),
    };
    exit.unwrap_or_else(|stop| {
        if output.json {
            // A document that cannot be written has no other place to be told of.
            output.document(&stop.document()).ok();
        }
        output.tell(&stop.message);
        stop.exit
    })
    .into()
}

async fn run(arguments: Arguments, output: Output) -> Result<Exit, Stop> {
    let Arguments { common, command } = arguments;
    match command {
        Command::Sandbox(arguments) => sandbox::run(&arguments, output).await,
        Command::Untrust => untrust::run(output).await,
        Command::Connect(arguments) => {
            let opener = (!arguments.no_browser).then(host::browser);
            let host = Host::open(&common, output, opener).await?;
            connect::run(&arguments, common.portal, &host).await
        }
        Command::Sync => sync::run(&Host::open(&common, output, None).await?).await,
        Command::Status => status::run(&Host::open(&common, output, None).await?).await,
        Command::Records(arguments) => {
            record::list(&arguments, &Host::open(&common, output, None).await?).await
        }
        Command::Show(arguments) => {
            record::show(&arguments, &Host::open(&common, output, None).await?).await
        }
        Command::Disconnect(arguments) => {
            let host = Host::open(&common, output, None).await?;
            disconnect::run(&arguments, common.portal.as_deref(), &host).await
        }
    }
}
