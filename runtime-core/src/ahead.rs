//! What a generated crate's build script does: compiles the app to the engine's bytecode.
//!
//! The boundary: files in, files in the build script's folder out, and cargo's own protocol on standard output.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use crate::engine::Engine;
use crate::error::JsError;
use crate::limits::Limits;
use crate::loader::{Loader, read, resolved};
use crate::module_url::ModuleUrl;
use crate::permissions::Permissions;
use crate::state::RuntimeState;

/// The native stack that a parser gets.
const STACK: usize = 2 << 20;

/// Compiles each file, given by its path below the app's folder and the path to read it from. The result of `lib/a.js` is
/// `app/lib/a.js.bin` in the folder that cargo gives the script.
pub fn compile_app(files: &[(&str, &str)]) -> ExitCode {
    let Some(out) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
        println!("cargo::error=this is a part of a build script: cargo runs it");
        return ExitCode::FAILURE;
    };
    let mut code = ExitCode::SUCCESS;
    for (path, file) in files {
        println!("cargo::rerun-if-changed={file}");
        if let Err(message) = compile_file(path, Path::new(file), &out.join("app")) {
            // Cargo takes one line for one error.
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn compile_file(path: &str, file: &Path, out: &Path) -> Result<(), String> {
    let text = resolved(file).and_then(|real| read(&real, None));
    let text = text.map_err(|error| error.to_string())?;
    let url = ModuleUrl::app(path);
    let code = compile(&url.display(), &text).map_err(|error| {
        let stack = error.stack().unwrap_or_default();
        format!("{} does not compile: {error}\n{stack}", file.display())
    })?;
    let to = out.join(format!("{path}.bin"));
    let failed = |error| format!("cannot write {}: {error}", to.display());
    std::fs::create_dir_all(to.parent().unwrap_or(out)).map_err(failed)?;
    std::fs::write(&to, code).map_err(failed)
}

/// Compiles the module `text`, which stacks call `name`, to bytecode, in an engine of its own.
pub(crate) fn compile(name: &str, text: &str) -> Result<Vec<u8>, JsError> {
    let loader = Loader::new(&[], Vec::new());
    let permissions = Rc::new(Permissions::none());
    let state = RuntimeState::new(loader, permissions, &[], Limits::NONE);
    let engine = Engine::new(Rc::new(state), STACK)?;
    engine.enter(|cx| {
        let code = cx.compile_module(name, text);
        code.map_err(|error| JsError::from_error(cx, error))
    })
}
