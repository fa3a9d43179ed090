//! Scripts: whatever one does, it ends by itself or by a limit, and the runtime says so and stays what it was.
//!
//! An input is a module, or with `//: eval` in front a script whose value is then looked at and taken out. Where the engine counts its
//! memory by itself, the runtime is in this process and is asked again afterwards; else it is a process, as a built one is. The
//! boundary: limits of memory and time, and no permission.

use std::time::Duration;

use runtime_core::engine::capabilities::Keeps;
use runtime_core::engine::keeps;
use runtime_core::inspect::{self, Options};
use runtime_core::{JsError, JsRuntime, Limits, Plain};

use crate::{NATIVES, Target, process};

pub(crate) const TARGET: Target = Target {
    name: "script",
    run,
    more_seeds: &["tests/specs"],
    extension: ".js",
    words: &[
        "//: eval\n",
        "await ",
        "async ",
        "function* f() { yield ",
        "function ",
        "class A extends ",
        "new ",
        "return ",
        "try { ",
        " } catch {} ",
        " finally { ",
        "for (;;) ",
        "for (const x of ",
        "while (true) ",
        "throw ",
        "delete ",
        "typeof ",
        "in ",
        "=> ",
        "...",
        "?.",
        "??=",
        "**",
        "#p",
        "`${",
        "}`",
        "/(a*)*b/u",
        ".exec(",
        "Promise",
        ".then(",
        "Promise.reject(",
        "Proxy(",
        "Reflect",
        "Symbol.iterator",
        "Symbol.toPrimitive",
        "Symbol.species",
        "Array(",
        ".fill(",
        ".sort(",
        ".flat(Infinity)",
        ".repeat(",
        "\"x\"",
        "JSON.parse(",
        "JSON.stringify(",
        "BigInt(",
        "1n << ",
        "Uint8Array(",
        "ArrayBuffer(",
        ".transfer(",
        ".resize(",
        "DataView(",
        "Map(",
        "WeakMap(",
        "WeakRef(",
        "FinalizationRegistry(",
        "Object.prototype",
        "__proto__",
        "constructor",
        "Object.defineProperty(",
        "get ",
        "set ",
        "setTimeout(",
        "setInterval(",
        "clearTimeout(",
        "queueMicrotask(",
        "import(\"runtime:fs\")",
        "import.meta.url",
        "globalThis",
        "eval(",
        "Function(",
        "Error.prepareStackTrace",
        ".stack",
        "Error(\"\", { cause: ",
        "toString",
        "valueOf",
        "length",
        "arguments",
        "2 ** 31",
        "2 ** 53",
        "-1",
        "NaN",
        "undefined",
        "null",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ";",
        ",",
    ],
    inputs: 300,
};

/// Small enough that a run of many inputs is short.
const LIMITS: Limits = Limits {
    memory: Some(16 << 20),
    cpu: Some(Duration::from_millis(20)),
    wall: Some(Duration::from_millis(100)),
    timers_max: Some(100),
    ..Limits::NONE
};

/// Runs a script, and judges how it ended.
pub(crate) fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // Time alone this process can spare; what takes all of its memory ends it.
    if keeps("memory") != Keeps::Itself {
        return process::run(&text);
    }
    let mut runtime = JsRuntime::builder()
        .module(&module_timers::MODULE)
        .module(&module_fs::MODULE)
        .module(&NATIVES)
        .limits(LIMITS)
        .best_effort()
        .build()
        .expect("an empty runtime can be built");
    let ended = match text.strip_prefix("//: eval\n") {
        Some(script) => evaluate(&mut runtime, script),
        None => runtime.run_code(&text, "input.js").map_err(|uncaught| {
            assert!(!uncaught.text().is_empty());
            JsError::from(uncaught)
        }),
    };
    // Whatever came out: nothing more runs after an error that ended the runtime, and anything does after another.
    let after = runtime.eval("1 + 1");
    match (&ended, &after) {
        (_, Ok(value)) => assert_eq!(*value, Plain::Number(2.0)),
        (_, Err(fatal)) => {
            let codes = ["ERR_LIMIT", "ERR_ENGINE"];
            assert!(
                codes.iter().any(|code| fatal.code() == Some(code)),
                "{ended:?}, then {fatal:?}"
            );
            assert_eq!(after, runtime.eval("1 + 1"), "it stays over");
            assert!(!fatal.message().is_empty());
        }
    }
}

fn evaluate(runtime: &mut JsRuntime, script: &str) -> Result<(), JsError> {
    let options = Options {
        depth: None,
        hidden: true,
        ..Options::default()
    };
    runtime.enter(|cx| {
        let value = cx
            .eval(script, "input.js")
            .map_err(|error| JsError::from_error(cx, error))?;
        inspect::inspect(cx, &value, &options);
        Ok::<_, JsError>(())
    })?;
    runtime.run()?;
    runtime.eval_blocking(script).map(drop)
}
