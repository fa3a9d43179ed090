//! Errors crossing both ways, their stacks, and what no script may catch.

use super::{engine, error, eval, law, run, set_global, text};
use crate::engine::{Error, Function, closure};
use crate::error::{Fatal, JsError};

/// Defines `fail`, which throws a native error.
fn define_fail(cx: &mut crate::engine::Cx<'_>, made: JsError) {
    let call = closure(move |_, _| Err(made.clone().into()));
    let function = Function::closure(cx, "fail", 0, call);
    set_global(cx, "fail", function.to_value());
}

#[test]
fn a_native_error_is_of_the_class_of_its_name() {
    law(|cx| {
        for class in [
            "Error",
            "TypeError",
            "RangeError",
            "SyntaxError",
            "ReferenceError",
            "EvalError",
            "URIError",
        ] {
            define_fail(cx, JsError::new(class, "said"));
            let told = format!(
                "try {{ fail() }} catch (e) {{ [e instanceof {class}, e.constructor.name, e.name, e.message] }}"
            );
            assert_eq!(text(cx, &told), format!("true,{class},{class},said"));
        }
    });
}

#[test]
fn a_name_of_its_own_is_on_an_error() {
    law(|cx| {
        define_fail(
            cx,
            JsError::new("NotAllowed", "no")
                .with_code("ERR_NO")
                .with_property("path", "/x"),
        );
        assert_eq!(
            text(
                cx,
                "try { fail() } catch (e) { [e instanceof Error, String(e), e.code, e.path] }"
            ),
            "true,NotAllowed: no,ERR_NO,/x"
        );
        assert_eq!(
            text(cx, "try { fail() } catch (e) { Object.keys(e) }"),
            "code,path"
        );
    });
}

#[test]
fn causes_are_kept() {
    law(|cx| {
        let root = JsError::range_error("root").with_code("ERR_ROOT");
        define_fail(cx, JsError::error("top").with_cause(root));
        assert_eq!(
            text(
                cx,
                "try { fail() } catch (e) { [e.cause instanceof RangeError, e.cause.message, e.cause.code] }"
            ),
            "true,root,ERR_ROOT"
        );
        let told = error(cx, "fail()");
        assert_eq!(told.cause().and_then(JsError::code), Some("ERR_ROOT"));
    });
}

#[test]
fn a_stack_names_the_functions_and_the_file() {
    law(|cx| {
        let told = error(
            cx,
            "function outer() { inner() }\nfunction inner() { throw new Error('x') }\nouter()",
        );
        let stack = told.stack().expect("a thrown error has a stack");
        assert!(
            stack.contains("inner") && stack.contains("outer") && stack.contains("law.js"),
            "{stack}"
        );
        assert!(!stack.contains("Error: x"), "no header line: {stack}");
        define_fail(cx, JsError::error("native"));
        let told = error(cx, "function caller() { fail() }\ncaller()");
        let stack = told.stack().expect("a native error has a stack");
        assert!(stack.contains("caller"), "{stack}");
    });
}

#[test]
fn an_error_is_read_without_running_its_getters() {
    law(|cx| {
        let code = "globalThis.ran = 0; throw Object.defineProperty(new Error('x'), 'message', { get() { ran++ } })";
        assert_eq!(error(cx, code).name(), "Error");
        assert_eq!(text(cx, "ran"), "0");
    });
}

#[test]
fn anything_can_be_thrown() {
    law(|cx| {
        for (code, message) in [
            ("throw 'text'", "text"),
            ("throw undefined", "undefined"),
            ("throw 3", "3"),
        ] {
            assert_eq!(error(cx, code).message(), message, "{code}");
        }
    });
}

#[test]
fn a_syntax_error_is_one_and_nothing_ran() {
    law(|cx| {
        assert_eq!(
            error(cx, "globalThis.ran = 1; let let = 1").name(),
            "SyntaxError"
        );
        assert_eq!(text(cx, "typeof ran"), "undefined");
    });
}

#[test]
fn endless_recursion_ends_in_an_error_and_not_in_a_crash() {
    law(|cx| {
        assert!(cx.eval("(function f() { f() })()", "law.js").is_err());
    });
}

#[test]
fn a_fatal_error_is_remembered_whatever_the_script_does_with_it() {
    let engine = engine();
    engine.enter(|cx| {
        let call = closure(|_, _| Err(Error::Fatal(Fatal::Stopped)));
        let function = Function::closure(cx, "stop", 0, call);
        set_global(cx, "stop", function.to_value());
        let _ = cx.eval("try { stop() } catch { 1 }", "law.js");
    });
    assert_eq!(engine.state().fatal(), Some(Fatal::Stopped));
}

#[test]
fn a_value_can_be_thrown_by_a_native() {
    law(|cx| {
        let call = closure(|_, args| Err(Error::Thrown(args.get(0))));
        let function = Function::closure(cx, "raise", 1, call);
        set_global(cx, "raise", function.to_value());
        assert!(eval(cx, "const o = {}; try { raise(o) } catch (e) { e === o }").to_boolean());
    });
}

#[test]
fn what_a_finalizer_throws_is_reported() {
    let engine = engine();
    engine.enter(|cx| {
        let code = "globalThis.registry = new FinalizationRegistry((held) => { throw new RangeError(held) }); \
                    (() => registry.register({}, 'too late'))()";
        assert!(cx.eval(code, "law.js").is_ok());
    });
    engine.collect();
    // A finalizer keeps nothing alive, so something else has to.
    let event_loop = &engine.state().event_loop;
    event_loop.after(std::time::Duration::from_millis(1), |_| {});
    run(&engine);
    let uncaught = engine.state().take_uncaught().expect("it is reported");
    assert!(
        uncaught.text().contains("RangeError: too late"),
        "{}",
        uncaught.text()
    );
}
