//! Modules: evaluation, native modules, and what goes wrong in them.

use std::sync::OnceLock;

use super::{engine, eval, run, text};
use crate::ahead::compile;
use crate::definition::{FnDecl, FnDef, ModuleDef, NativeFn};
use crate::engine::{Args, Cx, Engine, Error, PromiseState, Source, Value};
use crate::error::JsError;
use crate::module_url::ModuleUrl;

struct Two;

impl NativeFn for Two {
    const DECL: FnDecl = FnDecl {
        name: "two",
        ..FnDecl::EMPTY
    };

    fn call<'js>(_cx: &mut Cx<'js>, _args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(Value::int(2))
    }
}

static NUMBERS: ModuleDef = ModuleDef {
    name: "numbers",
    specifier: "runtime:numbers",
    functions: &[FnDef::of::<Two>()],
    more: &["three", "setups"],
    setup: Some(|cx, exports| {
        let setups = cx.eval("globalThis.setups = (globalThis.setups ?? 0) + 1", "setup")?;
        exports.set(cx, "three", Value::int(3))?;
        exports.set(cx, "setups", setups)
    }),
    ..ModuleDef::EMPTY
};

/// Runs a module and gives how it ended.
fn evaluate(engine: &Engine, source: &str) -> Result<(), JsError> {
    evaluate_source(engine, Source::JavaScript(source.to_owned()))
}

fn evaluate_source(engine: &Engine, source: Source) -> Result<(), JsError> {
    let module = engine.enter(|cx| {
        let started = cx.run_module(&ModuleUrl::code("law.js"), source);
        started.map_err(|error| JsError::from_error(cx, error))
    })?;
    run(engine);
    engine.enter(|cx| {
        let done = module.done.get(cx).expect("it is of this runtime");
        match done.as_object().and_then(|promise| promise.promise_state()) {
            Some(PromiseState::Fulfilled(_)) => Ok(()),
            Some(PromiseState::Rejected(reason)) => Err(JsError::from_value(cx, &reason)),
            other => panic!("the module was evaluated: {other:?}"),
        }
    })
}

#[test]
fn a_module_is_strict_and_has_its_own_scope() {
    let engine = engine();
    let source = "var own = 1; globalThis.said = [this, (function () { return this })(), typeof globalThis.own]";
    evaluate(&engine, source).expect("it runs");
    engine.enter(|cx| {
        assert_eq!(
            text(cx, "said.map(String)"),
            "undefined,undefined,undefined"
        )
    });
}

#[test]
fn a_module_may_wait_at_its_top_level() {
    let engine = engine();
    let source = "globalThis.said = []; said.push(await Promise.resolve(1)); said.push(await new Promise(r => r(2)))";
    evaluate(&engine, source).expect("it runs");
    engine.enter(|cx| assert_eq!(text(cx, "said"), "1,2"));
}

/// What it waits for refers to it, and goes in no order that a backend chooses; a sanitizer sees what is used too late.
#[test]
fn a_module_that_still_waits_goes_with_its_engine() {
    let engine = engine();
    let source = "globalThis.kept = new Promise(() => {}); await kept;";
    engine.enter(|cx| {
        let url = ModuleUrl::code("law.js");
        let module = cx.run_module(&url, Source::JavaScript(source.to_owned()));
        let done = module.expect("it starts").done.get(cx);
        let done = done.expect("it is of this runtime").as_object();
        let state = done.and_then(|done| done.promise_state());
        assert!(matches!(state, Some(PromiseState::Pending)));
    });
    run(&engine);
}

#[test]
fn a_native_module_exports_functions_and_what_its_setup_made() {
    let engine = engine();
    engine.state().loader.add(&NUMBERS);
    let source =
        "import { two, three } from 'runtime:numbers'; import * as all from 'runtime:numbers';
        globalThis.said = [two(), three, Object.keys(all).sort()]";
    evaluate(&engine, source).expect("it runs");
    engine.enter(|cx| assert_eq!(text(cx, "said"), "2,3,setups,three,two"));
}

#[test]
fn a_native_module_is_set_up_once_however_it_is_imported() {
    let engine = engine();
    engine.state().loader.add(&NUMBERS);
    let source =
        "import { setups } from 'runtime:numbers'; const again = await import('runtime:numbers');
        globalThis.said = [setups, again.setups, again === await import('runtime:numbers')]";
    evaluate(&engine, source).expect("it runs");
    engine.enter(|cx| assert_eq!(text(cx, "said"), "1,1,true"));
}

#[test]
fn what_does_not_exist_is_an_error_of_the_importer() {
    let engine = engine();
    let told = evaluate(&engine, "import 'runtime:none'").expect_err("there is no such module");
    assert_eq!(told.code(), Some("ERR_MODULE_NOT_FOUND"));
    let source = "globalThis.said = await import('runtime:none').catch(e => e.code)";
    evaluate(&engine, source).expect("it caught the error");
    engine.enter(|cx| assert_eq!(text(cx, "said"), "ERR_MODULE_NOT_FOUND"));
}

#[test]
fn an_export_that_is_missing_is_a_syntax_error() {
    let engine = engine();
    engine.state().loader.add(&NUMBERS);
    let told = evaluate(&engine, "import { four } from 'runtime:numbers'")
        .expect_err("there is no `four`");
    assert_eq!(told.name(), "SyntaxError");
}

#[test]
fn what_a_module_throws_rejects_its_evaluation() {
    let engine = engine();
    let told = evaluate(&engine, "throw new RangeError('x')").expect_err("it throws");
    assert_eq!((told.name(), told.message()), ("RangeError", "x"));
    let told = evaluate(&engine, "let let = 1").expect_err("it does not parse");
    assert_eq!(told.name(), "SyntaxError");
}

#[test]
fn the_exports_of_a_module_are_reached_from_outside() {
    let engine = engine();
    let module = engine.enter(|cx| {
        let source = Source::JavaScript("export const a = 1; export default () => a".to_owned());
        cx.run_module(&ModuleUrl::code("law.js"), source)
            .map_err(|error| JsError::from_error(cx, error))
    });
    let module = module.expect("it starts");
    run(&engine);
    engine.enter(|cx| {
        let namespace = module.namespace(cx);
        super::set_global(cx, "namespace", namespace.to_value());
        assert_eq!(
            eval(cx, "namespace.a + namespace.default()").as_number(),
            Some(2.0)
        );
    });
}

#[test]
fn what_was_compiled_ahead_runs_as_its_text_does() {
    let text = "import { two } from 'runtime:numbers'; import * as all from 'runtime:numbers';
        globalThis.said = [two(), all.three, import.meta.url, typeof import.meta.main, (x => x + 1).toString()]";
    let said = "2,3,law.js,boolean,x => x + 1";
    static CODE: OnceLock<Vec<u8>> = OnceLock::new();
    let code = match compile("law.js", text) {
        Ok(code) => Source::Bytecode(CODE.get_or_init(|| code)),
        Err(error) => {
            assert!(!compiles_ahead(), "{error}");
            Source::JavaScript(text.to_owned())
        }
    };
    let engine = engine();
    engine.state().loader.add(&NUMBERS);
    evaluate_source(&engine, code).expect("it runs");
    engine.enter(|cx| assert_eq!(super::text(cx, "said"), said));
    let told = compile("law.js", "let let = 1").expect_err("it does not parse");
    assert_eq!(
        told.name(),
        if compiles_ahead() {
            "SyntaxError"
        } else {
            "Error"
        }
    );
}

fn compiles_ahead() -> bool {
    let kind = crate::engine::ENGINE.0;
    crate::engine::capabilities::engine(kind).is_some_and(|engine| engine.bytecode)
}
