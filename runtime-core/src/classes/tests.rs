//! Classes as scripts meet them: two native ones, of which one extends the other, written by hand as the macro writes them.

use std::any::TypeId;

use super::{construct, constructor, instance, levels, new_target, state, state_mut, wrong_this};
use crate::convert::IntoJs;
use crate::definition::{
    AccessorDef, ClassDef, ConstantDef, FnDecl, FnDef, IteratorDef, ModuleDef, NativeClass,
    NativeFn, Surface, Upcast,
};
use crate::engine::{Args, Cx, Error, Value};
use crate::error::JsError;
use crate::runtime::JsRuntime;
use crate::ts::Ts;

/// Counts.
struct Counter {
    count: f64,
}

/// Counts in steps.
struct Stepper {
    base: Counter,
    step: f64,
}

/// Has no constructor.
struct Bare;

impl NativeClass for Counter {
    const DEF: &'static ClassDef = &ClassDef {
        constructor: Some(FnDef::of::<NewCounter>()),
        methods: &[FnDef::of::<Inc>()],
        accessors: &[AccessorDef {
            name: "count",
            get: Some(FnDef::of::<GetCount>()),
            set: Some(FnDef::of::<SetCount>()),
            is_static: false,
        }],
        statics: &[FnDef::of::<Zero>()],
        iterator: Some(IteratorDef {
            function: FnDef::of::<Iterate>(),
            alias: Some("steps"),
            item: Ts::Name("number"),
            is_async: false,
        }),
        constants: &[ConstantDef {
            name: "LIMIT",
            doc: "",
            value: 7.5,
        }],
        ..ClassDef::bare("Counter", TypeId::of::<Self>)
    };
}

impl NativeClass for Stepper {
    const DEF: &'static ClassDef = &ClassDef {
        parent: Some(ClassDef::of::<Counter>()),
        up: Some(Upcast {
            shared: |state| {
                &state
                    .downcast_ref::<Self>()
                    .expect("the class says so")
                    .base
            },
            exclusive: |state| {
                &mut state
                    .downcast_mut::<Self>()
                    .expect("the class says so")
                    .base
            },
        }),
        constructor: Some(FnDef::of::<NewStepper>()),
        methods: &[FnDef::of::<Step>()],
        enumerable: true,
        ..ClassDef::bare("Stepper", TypeId::of::<Self>)
    };
}

impl NativeClass for Bare {
    const DEF: &'static ClassDef = &ClassDef::bare("Bare", TypeId::of::<Self>);
}

macro_rules! natives {
    ($($name:ident $js:literal: $call:expr;)*) => {$(
        struct $name;

        impl NativeFn for $name {
            const DECL: FnDecl = FnDecl { name: $js, ..FnDecl::EMPTY };

            fn call<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
                fn general<F>(call: F) -> F
                where
                    F: for<'js> Fn(&mut Cx<'js>, &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>>,
                {
                    call
                }
                general($call)(cx, args)
            }
        }
    )*};
}

/// Reads or changes the state of `this` as the macro's thunk does.
fn with<'js, T: NativeClass>(
    cx: &mut Cx<'js>,
    args: &Args<'_, 'js>,
    member: &str,
    body: impl FnOnce(&mut T) -> f64,
) -> Result<Value<'js>, Error<'js>> {
    let this = args
        .this()
        .as_object()
        .ok_or_else(|| wrong_this::<T>(member))?;
    let above = levels(&this, T::DEF).ok_or_else(|| wrong_this::<T>(member))?;
    let state = state_mut::<T>(&this, above, cx).ok_or_else(|| wrong_this::<T>(member))?;
    Ok(Value::number(body(state)))
}

natives! {
    NewCounter "Counter": |cx, args| {
        let target = new_target::<Counter>(args)?;
        construct(cx, &target, Counter { count: args.num(0).unwrap_or(0.0) })
    };
    NewStepper "Stepper": |cx, args| {
        let target = new_target::<Stepper>(args)?;
        let step = args.num(0).unwrap_or(1.0);
        construct(cx, &target, Stepper { base: Counter { count: 0.0 }, step })
    };
    Inc "inc": |cx, args| with::<Counter>(cx, args, "inc", |counter| {
        counter.count += 1.0;
        counter.count
    });
    Step "step": |cx, args| with::<Stepper>(cx, args, "step", |stepper| {
        stepper.base.count += stepper.step;
        stepper.base.count
    });
    GetCount "count": |cx, args| {
        let this = args.this().as_object().ok_or_else(|| wrong_this::<Counter>("count"))?;
        let above = levels(&this, Counter::DEF).ok_or_else(|| wrong_this::<Counter>("count"))?;
        let counter = state::<Counter>(&this, above, cx);
        Ok(Value::number(counter.map_or(f64::NAN, |counter| counter.count)))
    };
    SetCount "count": |cx, args| {
        let count = args.num(0).unwrap_or(f64::NAN);
        with::<Counter>(cx, args, "count", |counter| {
            counter.count = count;
            count
        })
    };
    Zero "zero": |cx, _| instance(cx, Counter { count: 0.0 });
    Iterate "[Symbol.iterator]": |cx, _| crate::convert::JsIter::new([1, 2]).into_js(cx);
}

static MODULE: ModuleDef = ModuleDef {
    name: "classes",
    specifier: "runtime:classes",
    surface: Surface::Globals,
    classes: &[
        ClassDef::of::<Stepper>(),
        ClassDef::of::<Counter>(),
        ClassDef::of::<Bare>(),
    ],
    ..ModuleDef::EMPTY
};

fn enter<R>(body: impl for<'js> FnOnce(&mut Cx<'js>) -> R) -> R {
    let runtime = JsRuntime::builder()
        .module(&MODULE)
        .build()
        .expect("the engine starts");
    runtime.enter(body)
}

/// Checks what `code` gives, as text, or what it throws.
fn check(code: &str, expected: &str) {
    enter(|cx| {
        let told = match cx.eval(code, "test").and_then(|value| value.to_text(cx)) {
            Ok(text) => text,
            Err(error) => JsError::from_error(cx, error).to_string(),
        };
        assert_eq!(told, expected, "{code}");
    });
}

#[test]
fn an_instance_has_methods_accessors_and_a_tag() {
    check("const c = new Counter(5); c.inc(); c.count", "6");
    check(
        "const c = new Counter(); c.count = 40; [c.inc(), c.count]",
        "41,41",
    );
    check("String(new Counter())", "[object Counter]");
    check(
        "[new Counter() instanceof Counter, new Counter().constructor === Counter]",
        "true,true",
    );
    check("Counter.zero().inc()", "1");
    check("[...new Counter()]", "1,2");
}

#[test]
fn members_are_as_those_of_a_class_of_the_language() {
    check(
        "Object.keys(new Counter()).length + Object.keys(Counter.prototype).length + Object.keys(Counter).length",
        "0",
    );
    check(
        "Reflect.ownKeys(Counter.prototype).map(String).sort()",
        "LIMIT,Symbol(Symbol.iterator),Symbol(Symbol.toStringTag),constructor,count,inc,steps",
    );
    check(
        "const d = Object.getOwnPropertyDescriptor(Counter.prototype, 'inc'); [d.writable, d.enumerable, d.configurable]",
        "true,false,true",
    );
    check(
        "const d = Object.getOwnPropertyDescriptor(Counter, 'prototype'); [d.writable, d.enumerable, d.configurable]",
        "false,false,false",
    );
    check(
        "[typeof Counter, Counter.name, Counter.zero.name]",
        "function,Counter,zero",
    );
    check(
        "const d = Object.getOwnPropertyDescriptor(Counter.prototype, 'count'); [d.get.name, d.set.name]",
        "get count,set count",
    );
}

#[test]
fn members_are_enumerable_where_the_class_says_so() {
    check("Object.keys(Stepper.prototype)", "step");
    check(
        "const d = Object.getOwnPropertyDescriptor(Stepper.prototype, 'constructor'); d.enumerable",
        "false",
    );
}

#[test]
fn a_constant_stands_on_the_class_and_on_the_prototype() {
    check(
        "[Counter.LIMIT, Counter.prototype.LIMIT, new Stepper().LIMIT]",
        "7.5,7.5,7.5",
    );
    check(
        "const d = Object.getOwnPropertyDescriptor(Counter, 'LIMIT'); [d.writable, d.enumerable, d.configurable]",
        "false,false,false",
    );
}

#[test]
fn an_iterator_may_have_a_name_too() {
    check(
        "Counter.prototype.steps === Counter.prototype[Symbol.iterator]",
        "true",
    );
    check("[...new Counter().steps()]", "1,2");
}

#[test]
fn a_class_is_called_with_new_only() {
    let refused = "TypeError: class constructor Counter cannot be called without `new`";
    check("Counter()", refused);
    check("globalThis.Counter(1)", refused);
    check("Counter.call(new Counter())", refused);
    check("new Bare()", "TypeError: class Bare has no constructor");
}

#[test]
fn a_member_wants_its_own_class() {
    let refused = "TypeError: Counter.prototype.inc: this is not a Counter";
    check("Counter.prototype.inc.call({})", refused);
    check("Counter.prototype.inc.call(undefined)", refused);
    check("Counter.prototype.inc.call(Counter.prototype)", refused);
    check("Object.create(Counter.prototype).inc()", refused);
    check(
        "Stepper.prototype.step.call(new Counter())",
        "TypeError: Stepper.prototype.step: this is not a Stepper",
    );
    check(
        "Counter.prototype.count",
        "TypeError: Counter.prototype.count: this is not a Counter",
    );
}

#[test]
fn a_native_class_inherits_from_a_native_class() {
    check(
        "const s = new Stepper(10); s.step(); s.inc(); [s.count, s.step()]",
        "11,21",
    );
    check(
        "const s = new Stepper(); [s instanceof Stepper, s instanceof Counter, String(s)]",
        "true,true,[object Stepper]",
    );
    check(
        "Object.getPrototypeOf(Stepper) === Counter && Object.getPrototypeOf(Stepper.prototype) === Counter.prototype",
        "true",
    );
    check("Stepper.zero() instanceof Stepper", "false");
    check("[...new Stepper()]", "1,2");
}

#[test]
fn a_script_extends_a_native_class() {
    check(
        "class Loud extends Stepper {
            #own = '!';
            constructor(step) { super(step * 2); this.tag = new.target.name }
            step() { return super.step() + this.#own }
            static make() { return new this(1) }
         }
         const l = Loud.make(); [l.step(), l.inc(), l.count, l.tag, l instanceof Loud, l instanceof Counter]",
        "2!,3,3,Loud,true,true",
    );
    check(
        "class A extends Counter {} class B extends A {} const b = new B(2); [b.inc(), b.constructor.name]",
        "3,B",
    );
    check(
        "const made = Reflect.construct(Counter, [7], Array); [made.length, Counter.prototype.inc.call(made)]",
        "0,8",
    );
    check(
        "function F() {} F.prototype = 1; Object.getPrototypeOf(Reflect.construct(Counter, [], F)) === Counter.prototype",
        "true",
    );
    check(
        "class Bad extends Counter { constructor() { super(); } inc() { return Counter.prototype.inc.call(1) } } new Bad().inc()",
        "TypeError: Counter.prototype.inc: this is not a Counter",
    );
}

#[test]
fn a_class_is_made_once_per_runtime() {
    enter(|cx| {
        let class = constructor(cx, ClassDef::of::<Counter>()).expect("it is made");
        let known = cx.eval("Counter", "test").expect("it is global");
        assert!(class.to_value().strict_eq(&known));
        let made = instance(
            cx,
            Stepper {
                base: Counter { count: 1.0 },
                step: 2.0,
            },
        )
        .expect("it is made");
        let object = made.as_object().expect("it is one");
        assert_eq!(levels(&object, ClassDef::of::<Stepper>()), Some(0));
        assert_eq!(levels(&object, ClassDef::of::<Counter>()), Some(1));
        assert_eq!(levels(&object, ClassDef::of::<Bare>()), None);
        assert_eq!(
            state::<Counter>(&object, 1, cx).map(|counter| counter.count),
            Some(1.0)
        );
    });
}

/// As Web IDL asks of an interface that is a global, before it is used and after.
#[test]
fn a_global_class_is_a_plain_property_of_the_global_object() {
    let described = "(() => { const d = Object.getOwnPropertyDescriptor(globalThis, 'Counter'); return [typeof d.value, d.writable, d.enumerable, d.configurable].join() })()";
    check(
        &format!("[{described}, new Counter(1).inc(), {described}].join()"),
        "function,true,false,true,2,function,true,false,true",
    );
}
