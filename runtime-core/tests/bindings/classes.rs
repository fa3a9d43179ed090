//! Classes: construction, members, inheritance, borrowed instances.

use runtime_core::prelude::*;

use crate::check;

#[js_module(globals)]
mod plain {
    use super::*;

    /// Counts.
    #[js_class]
    #[derive(Clone)]
    struct Counter {
        count: f64,
        label: String,
    }

    #[js_class]
    impl Counter {
        #[js(constructor)]
        fn new(#[js(default)] start: f64) -> Self {
            Self {
                count: start,
                label: "counter".to_owned(),
            }
        }

        /// Adds.
        fn add(&mut self, #[js(default = 1.0)] by: f64) -> f64 {
            self.count += by;
            self.count
        }

        #[js(get)]
        fn count(&self) -> f64 {
            self.count
        }

        #[js(set)]
        fn set_count(&mut self, count: f64) {
            self.count = count;
        }

        #[js(get)]
        fn label(&self) -> &str {
            &self.label
        }

        #[js(get, name = "isHigh")]
        fn high(&self) -> bool {
            self.count > 10.0
        }

        #[js(get)]
        fn limit() -> u32 {
            100
        }

        fn of(count: f64) -> Self {
            Self::new(count)
        }

        fn bool(&self) -> bool {
            self.count != 0.0
        }

        fn same_as(&self, other: &Self) -> bool {
            self.count == other.count
        }

        fn take_from<'js>(cx: &mut Cx<'js>, this: Instance<'js, Self>, other: Instance<'js, Self>) {
            let taken = std::mem::take(&mut other.get_mut(cx).count);
            this.get_mut(cx).count += taken;
        }

        fn each<'js>(
            cx: &mut Cx<'js>,
            this: Instance<'js, Self>,
            function: Function<'js>,
        ) -> Result<Instance<'js, Self>, Error<'js>> {
            for at in 0..this.get(cx).count as i32 {
                function.call(cx, &Value::undefined(), &[Value::int(at)])?;
            }
            Ok(this)
        }

        async fn later(self, plus: f64) -> f64 {
            self.count + plus
        }

        #[js(permission = "sys:sensor")]
        fn measure(&self) -> f64 {
            1.0
        }

        #[js(permission = "sys:camera")]
        fn film() {}
    }

    #[js_class(extends = Counter, name = "StepCounter")]
    struct Steps {
        #[js(base)]
        counter: Counter,
        step: f64,
    }

    #[js_class]
    impl Steps {
        #[js(constructor)]
        fn new(step: f64) -> Result<Self, JsError> {
            if step == 0.0 {
                return Err(JsError::range_error("a step of 0 leads nowhere"));
            }
            Ok(Self {
                counter: Counter::new(0.0),
                step,
            })
        }

        fn advance(&mut self) -> f64 {
            self.counter.add(self.step)
        }
    }

    /// Made by native code only.
    #[js_class]
    struct Token(u32);

    #[js_class]
    impl Token {
        #[js(get)]
        fn id(&self) -> u32 {
            self.0
        }
    }

    #[js_fn]
    fn issue(id: u32) -> Token {
        Token(id)
    }

    #[js_fn]
    fn total(first: &Counter, second: &Counter) -> f64 {
        first.count + second.count
    }

    #[js_fn]
    fn reset(counter: &mut Counter, to: f64) {
        counter.count = to;
    }
}

#[test]
fn an_instance_has_its_members() {
    check(
        &MODULE,
        &[
            ("new Counter(2).add()", "3"),
            ("new Counter().add(5)", "5"),
            (
                "((c) => (c.count = 20, c.count + c.label + c.isHigh))(new Counter())",
                "20countertrue",
            ),
            ("Counter.limit + Counter.of(3).count", "103"),
            ("new Counter(0).bool()", "false"),
            ("new Counter(1).sameAs(Counter.of(1))", "true"),
            (
                "((a, b) => (a.takeFrom(b), a.takeFrom(a), [a.count, b.count]))(new Counter(1), new Counter(2))",
                "3,0",
            ),
            (
                "((c, seen) => [c.each((n) => seen.push(n)) === c, seen])(new Counter(3), [])",
                "true,0,1,2",
            ),
            ("new Counter(1).later(1)", "2"),
            (
                "Object.keys(new Counter()) + Object.keys(Counter.prototype)",
                "",
            ),
            (
                "Object.prototype.toString.call(new Counter())",
                "[object Counter]",
            ),
            ("Counter.length + Counter.prototype.add.name", "0add"),
        ],
    );
}

#[test]
fn a_native_class_extends_another() {
    check(
        &MODULE,
        &[
            (
                "((s) => [s.advance(), s.add(1), s.count])(new StepCounter(3))",
                "3,4,4",
            ),
            ("new StepCounter(1) instanceof Counter", "true"),
            ("Object.getPrototypeOf(StepCounter) === Counter", "true"),
            ("StepCounter.of(1).constructor.name", "Counter"),
            ("total(new StepCounter(3), new Counter(4))", "4"),
            (
                "new StepCounter(0)",
                "thrown RangeError: a step of 0 leads nowhere",
            ),
        ],
    );
}

#[test]
fn a_class_of_the_script_extends_a_native_one() {
    let class = "class Mine extends Counter { constructor() { super(4); } add(by) { return super.add(by) * 10; } }";
    check(
        &MODULE,
        &[
            (
                &format!("(() => {{ {class}; return new Mine().add(1) }})()"),
                "50",
            ),
            (
                &format!("(() => {{ {class}; return total(new Mine(), new Counter(1)) }})()"),
                "5",
            ),
            (
                &format!(
                    "(() => {{ {class}; return new Mine() instanceof Mine && new Mine() instanceof Counter }})()"
                ),
                "true",
            ),
        ],
    );
}

#[test]
fn instances_are_lent_to_functions() {
    check(
        &MODULE,
        &[
            ("total(new Counter(1), new Counter(2))", "3"),
            ("((c) => total(c, c))(new Counter(2))", "4"),
            ("((c) => (reset(c, 9), c.count))(new Counter())", "9"),
            ("issue(3).id", "3"),
            ("issue(3) instanceof Token", "true"),
        ],
    );
}

#[test]
fn what_is_no_instance_is_refused() {
    check(
        &MODULE,
        &[
            (
                "Counter()",
                "thrown TypeError: class constructor Counter cannot be called without `new`",
            ),
            (
                "new Token()",
                "thrown TypeError: class Token has no constructor",
            ),
            (
                "Counter.prototype.add.call({})",
                "thrown TypeError: Counter.prototype.add: this is not a Counter",
            ),
            (
                "StepCounter.prototype.advance.call(new Counter())",
                "thrown TypeError: StepCounter.prototype.advance: this is not a StepCounter",
            ),
            (
                "total({}, 1)",
                "thrown TypeError: total: argument 1 (first) must be an instance of Counter, got an object",
            ),
            (
                "total(new Counter(), issue(1))",
                "thrown TypeError: total: argument 2 (second) must be an instance of Counter, got an instance of Token",
            ),
            (
                "new Counter('x')",
                "thrown TypeError: new Counter: argument 1 (start) must be a number, got a string",
            ),
            (
                "new Counter().add('x')",
                "thrown TypeError: Counter.add: argument 1 (by) must be a number, got a string",
            ),
            (
                "new Counter().takeFrom(1)",
                "thrown TypeError: Counter.takeFrom: argument 1 (other) must be an instance of Counter, got a number",
            ),
        ],
    );
}

#[test]
fn a_member_may_need_a_permission() {
    check(
        &MODULE,
        &[
            ("new Counter().measure()", "1"),
            (
                "(() => { try { Counter.film() } catch (error) { return error.name } })()",
                "NotAllowed",
            ),
        ],
    );
}
