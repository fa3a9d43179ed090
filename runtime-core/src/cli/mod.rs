//! The generated binary: what its command line does. `args` says what was asked for, this file does it.

mod args;
mod info;

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use args::{Command, Request};

use crate::definition::RuntimeDef;
use crate::error::{Fatal, JsError};
use crate::limits::process;
use crate::panics::Panic;
#[cfg(not(target_os = "wasi"))]
use crate::runtime::STACK;
use crate::runtime::{JsRuntime, RuntimeConfig};

/// The status of a script that threw, of bad usage, and of an engine that met something it cannot handle.
const FAILED: u8 = 1;
const USAGE: u8 = 2;
const BROKEN: u8 = 70;

/// Where scripts run: the words of `limits.isolation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Isolation {
    Thread,
    #[cfg(feature = "isolation")]
    Process,
}

impl Isolation {
    fn word(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            #[cfg(feature = "isolation")]
            Self::Process => "process",
        }
    }
}

/// Runs the command line of a generated binary whose scripts run in a process of their own.
#[cfg(feature = "isolation")]
pub fn supervised_main(def: &'static RuntimeDef) -> ExitCode {
    // What runs no script needs no supervisor, and neither does what will be refused.
    let runs_script = args::parse(std::env::args_os().skip(1), def.app.is_some())
        .is_ok_and(|request| request.command.runs_script());
    if runs_script {
        crate::isolation::supervise(&def.limits, || start(def, Isolation::Process))
    } else {
        start(def, Isolation::Process)
    }
}

/// Runs the command line of a generated binary.
pub fn main(def: &'static RuntimeDef) -> ExitCode {
    start(def, Isolation::Thread)
}

fn start(def: &'static RuntimeDef, isolation: Isolation) -> ExitCode {
    let request = match args::parse(std::env::args_os().skip(1), def.app.is_some()) {
        Ok(request) => request,
        Err(message) => {
            // An app inside takes `--help` for itself.
            let help = match def.app {
                Some(_) => "--runtime --help",
                None => "--help",
            };
            eprintln!("error: {message}\n\nTry `{} {help}`.", def.name);
            return ExitCode::from(USAGE);
        }
    };
    std::panic::set_hook(Box::new(|info| {
        let panic = Panic::of(info, crate::engine::is_own_source);
        let is_caught = cfg!(panic = "unwind") && !panic.is_internal();
        say(&panic.report(is_caught));
        if !is_caught {
            std::process::exit(i32::from(BROKEN));
        }
    }));
    on_deep_stack(def, isolation, request)
}

/// Runs on the one thread that there is, whose stack was chosen when the module was linked.
#[cfg(target_os = "wasi")]
fn on_deep_stack(def: &'static RuntimeDef, isolation: Isolation, request: Request) -> ExitCode {
    run(def, isolation, request)
}

/// Runs on a thread of its own: deep scripts need a deep stack, and the main thread's is the system's choice.
#[cfg(not(target_os = "wasi"))]
fn on_deep_stack(def: &'static RuntimeDef, isolation: Isolation, request: Request) -> ExitCode {
    let thread = std::thread::Builder::new()
        .name("main".to_owned())
        .stack_size(STACK);
    let ran = thread
        .spawn(move || {
            crate::isolation::watch_stack(STACK);
            run(def, isolation, request)
        })
        .map(std::thread::JoinHandle::join);
    match ran {
        Ok(Ok(code)) => code,
        // The hook has said why, and ended the process.
        Ok(Err(_)) => ExitCode::from(BROKEN),
        Err(error) => fail(&format!("error: cannot start a thread: {error}")),
    }
}

fn run(def: &'static RuntimeDef, isolation: Isolation, request: Request) -> ExitCode {
    let result = match &request.command {
        Command::Help => return print(&args::help(def)),
        Command::Version => return print(&format!("{} {}\n", def.name, def.version)),
        Command::Info { json: true } => return print(&info::json(def, isolation)),
        Command::Info { json: false } => return print(&info::text(def, isolation)),
        Command::Types => return print(&crate::dts::runtime(def)),
        Command::App => build(def, &request).map(|mut runtime| runtime.run_app()),
        Command::Run { file } => {
            build(def, &request).map(|mut runtime| runtime.run_file(Path::new(file)))
        }
        Command::Eval { code, print: false } => {
            build(def, &request).map(|mut runtime| runtime.run_code(code, "<eval>"))
        }
        Command::Eval { code, print: true } => build(def, &request).map(|mut runtime| {
            let value = runtime.run_expression(code, "<eval>")?;
            print(&(value + "\n"));
            Ok(())
        }),
        Command::Stdin => match read_stdin() {
            Ok(code) => build(def, &request).map(|mut runtime| runtime.run_code(&code, "<stdin>")),
            Err(message) => return fail(&message),
        },
    };
    match result {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(uncaught)) if uncaught.is_stop() => ExitCode::SUCCESS,
        Ok(Err(uncaught)) => match uncaught.fatal() {
            Some(Fatal::Limit(hit)) => end(uncaught.text(), hit.status()),
            _ => fail(uncaught.text()),
        },
        Err(error) => fail(&format!("error: {}", error.message())),
    }
}

fn build(def: &'static RuntimeDef, request: &Request) -> Result<JsRuntime, JsError> {
    process::guard(&def.limits, crate::engine::keeps_itself).map_err(|error| {
        JsError::error("cannot guard the limits of this runtime")
            .with_cause(JsError::from_std(&error))
    })?;
    // The spec was checked: what the engine does not keep by itself, the process does, or the spec said that it need not.
    RuntimeConfig::of(def)?
        .best_effort()
        .narrow(&request.flags)?
        .script_args(request.args.clone())
        .deep()
        .build()
}

fn read_stdin() -> Result<String, String> {
    if std::io::stdin().is_terminal() {
        eprintln!("reading a script from standard input; end it with Ctrl-D");
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| format!("error: cannot read standard input: {error}"))?;
    crate::loader::utf8(bytes, "the script on standard input")
        .map_err(|error| format!("error: {}", error.message()))
}

/// Prints to standard output. A reader that has had enough is no error.
fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::from(FAILED),
        _ => ExitCode::SUCCESS,
    }
}

fn fail(text: &str) -> ExitCode {
    say(text);
    ExitCode::from(FAILED)
}

/// Ends the process because of a limit, unless a guard is doing so already.
fn end(text: &str, status: u8) -> ExitCode {
    if !process::claim() {
        loop {
            std::thread::park();
        }
    }
    say(text);
    ExitCode::from(status)
}

fn say(text: &str) {
    // Nobody may be reading; there is nothing more to say then.
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}
