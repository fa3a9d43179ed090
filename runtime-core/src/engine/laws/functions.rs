//! Functions: natives, closures, constructors, and calls both ways.

use super::{error, eval, law, set_global, text};
use crate::definition::{FnDecl, FnDef, NativeFn};
use crate::engine::{Args, Cx, Error, Function, Object, Property, Type, Value, closure};

/// Tells what it was called with.
struct Tell;

impl NativeFn for Tell {
    const DECL: FnDecl = FnDecl {
        name: "tell",
        len: 2,
        ..FnDecl::EMPTY
    };

    fn call<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
        let this = args.this().type_of();
        let told = format!(
            "{this:?} {} {:?} {:?} {:?} {}",
            args.len(),
            args.num(0),
            args.boolean(1),
            args.text(2),
            args.is_absent(3),
        );
        Ok(Value::string(cx, &told))
    }
}

fn define<'js>(cx: &mut Cx<'js>, name: &str) {
    let function = Function::new(cx, &FnDef::of::<Tell>());
    set_global(cx, name, function.to_value());
}

#[test]
fn a_native_reads_its_arguments_in_place() {
    law(|cx| {
        define(cx, "tell");
        assert_eq!(
            text(cx, "tell(1, true, 'x', 0)"),
            r#"Undefined 4 Some(1.0) Some(true) Some("x") false"#
        );
        assert_eq!(
            text(cx, "tell.call({}, '1', 1, 1)"),
            "Object 3 None None None true"
        );
        assert_eq!(text(cx, "tell()"), "Undefined 0 None None None true");
        assert_eq!(
            text(cx, "tell.call(null, 0, 0, 0, undefined)"),
            "Null 4 Some(0.0) None None true"
        );
    });
}

#[test]
fn a_native_has_a_name_and_a_length_and_is_no_constructor() {
    law(|cx| {
        define(cx, "tell");
        assert_eq!(
            text(cx, "[tell.name, tell.length, typeof tell]"),
            "tell,2,function"
        );
        assert_eq!(error(cx, "new tell()").name(), "TypeError");
    });
}

#[test]
fn a_closure_keeps_its_own_state() {
    law(|cx| {
        let count = std::cell::Cell::new(0);
        let call = closure(move |_, args| {
            count.set(count.get() + args.len() as i32);
            Ok(Value::int(count.get()))
        });
        let function = Function::closure(cx, "count", 1, call);
        set_global(cx, "count", function.to_value());
        assert_eq!(
            text(
                cx,
                "[count(0), count(0, 0), count(), count.name, count.length]"
            ),
            "1,3,3,count,1"
        );
    });
}

#[test]
fn an_argument_that_was_not_given_is_undefined() {
    law(|cx| {
        let call = closure(|_, args| Ok(args.get(7)));
        let function = Function::closure(cx, "eighth", 0, call);
        set_global(cx, "eighth", function.to_value());
        assert!(eval(cx, "eighth(1)").is_undefined());
    });
}

#[test]
fn a_call_passes_this_and_arguments() {
    law(|cx| {
        let function = eval(
            cx,
            "(function (...args) { return [this.name, ...args].join() })",
        );
        let function = function.as_function().expect("it is one");
        let this = eval(cx, "({ name: 'me' })");
        let result = function.call(cx, &this, &[Value::int(1), Value::null()]);
        assert_eq!(
            result.ok().and_then(|text| text.as_string()).as_deref(),
            Some("me,1,")
        );
    });
}

#[test]
fn what_a_script_throws_comes_back_as_the_same_value() {
    law(|cx| {
        let function = eval(cx, "globalThis.reason = {}; () => { throw reason }");
        let function = function.as_function().expect("it is one");
        let reason = eval(cx, "reason");
        match function.call(cx, &Value::undefined(), &[]) {
            Err(Error::Thrown(thrown)) => assert!(thrown.strict_eq(&reason)),
            other => panic!("it throws, but gave {other:?}"),
        }
        // Through a native and back into a script it is still the same.
        let call = closure(|cx, args| {
            let function = args.get(0).as_function().expect("it is given one");
            function.call(cx, &Value::undefined(), &[])
        });
        let through = Function::closure(cx, "through", 1, call);
        set_global(cx, "through", through.to_value());
        assert_eq!(
            text(
                cx,
                "try { through(() => { throw reason }) } catch (e) { e === reason }"
            ),
            "true"
        );
    });
}

/// Gives an object that tells whether it was called with `new`, and as which class.
struct Make;

impl NativeFn for Make {
    const DECL: FnDecl = FnDecl {
        name: "Make",
        len: 1,
        ..FnDecl::EMPTY
    };

    fn call<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
        let Some(target) = args.this().as_object() else {
            return Err(Error::type_error("not called with `new`"));
        };
        let prototype = target.get(cx, "prototype")?.as_object();
        let made = Object::with_proto(cx, prototype.as_ref());
        made.set(cx, "target", target.to_value())?;
        Ok(made.to_value())
    }
}

#[test]
fn a_constructor_gets_new_target_and_nothing_else_for_this() {
    law(|cx| {
        let make = Function::constructor(cx, &FnDef::of::<Make>(), "Make");
        let prototype = Object::new(cx).to_value();
        let defined = make
            .as_object()
            .define(cx, "prototype", Property::constant(prototype));
        defined.expect("a fresh function has none");
        set_global(cx, "Make", make.to_value());
        assert_eq!(text(cx, "new Make(1).target === Make"), "true");
        assert_eq!(text(cx, "[Make.name, Make.length]"), "Make,1");
        eval(
            cx,
            "class Sub extends Make { constructor() { super(); this.own = 1 } }",
        );
        assert_eq!(
            text(
                cx,
                "const s = new Sub(); [s.target === Sub, s instanceof Sub, s.own]"
            ),
            "true,true,1"
        );
        assert_eq!(
            text(cx, "Reflect.construct(Make, [], Array).target === Array"),
            "true"
        );
        for code in [
            "Make()",
            "({ Make }).Make()",
            "Make.call(Make)",
            "Array.Make = Make, Array.Make()",
        ] {
            assert_eq!(error(cx, code).message(), "not called with `new`", "{code}");
        }
    });
}

#[test]
fn natives_construct_classes_of_scripts() {
    law(|cx| {
        let class = eval(cx, "(class { constructor(a) { this.a = a } })");
        let class = class.as_function().expect("it is one");
        let made = class
            .construct(cx, &[Value::int(3)])
            .expect("it constructs");
        assert_eq!(
            made.get(cx, "a").ok().and_then(|a| a.as_number()),
            Some(3.0)
        );
        let arrow = eval(cx, "() => 1").as_function().expect("it is one");
        assert!(arrow.construct(cx, &[]).is_err());
        assert_eq!(arrow.to_value().type_of(), Type::Function);
    });
}
