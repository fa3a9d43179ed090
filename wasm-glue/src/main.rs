//! `wasm-glue MODULE FOLDER`: makes `glue.js` and `glue_bg.wasm` of a module as the compiler made it.
//!
//! The boundary: wasm-bindgen as a library. The JavaScript is a script that gives a fresh set of functions each time it is run, so
//! that a module can have several instances.

use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = args.as_slice() else {
        eprintln!("usage: wasm-glue MODULE FOLDER");
        return ExitCode::from(2);
    };
    match make(Path::new(module), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(module: &Path, folder: &Path) -> Result<(), String> {
    let failed = |error| {
        format!(
            "cannot make the JavaScript of {}: {error:#}",
            module.display()
        )
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .no_modules(true)
        .map_err(failed)?
        .input_path(module)
        .out_name("glue")
        .typescript(false)
        .omit_default_module_path(true)
        // The names tell whose the bytes are; they are taken out of what ships.
        .demangle(false)
        .remove_producers_section(true)
        .generate(folder)
        .map_err(failed)
}
