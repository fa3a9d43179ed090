//! Classes that a `for` loop goes through.

use runtime_core::prelude::*;

use crate::check;

#[js_module(globals)]
mod plain {
    use super::*;

    #[js_class]
    struct Words {
        words: Vec<String>,
    }

    #[js_class]
    impl Words {
        #[js(constructor)]
        fn new(text: &str) -> Self {
            Self {
                words: text.split(' ').map(str::to_owned).collect(),
            }
        }

        #[js(iterator)]
        fn iter(&self) -> Vec<String> {
            self.words.clone()
        }

        fn backwards(&self) -> JsIter<String> {
            JsIter::new(self.words.clone().into_iter().rev())
        }
    }

    /// Members as Web IDL has them.
    #[js_class(enumerable)]
    struct Pairs {
        pairs: Vec<(String, u32)>,
    }

    #[js_class]
    impl Pairs {
        /// The most pairs.
        #[js(constant)]
        const MOST: u16 = 2;

        #[js(constant, name = "HALF")]
        const MIDDLE: f64 = 0.5;

        #[js(constructor)]
        fn new(names: Rest<String>) -> Self {
            Self {
                pairs: names.0.into_iter().zip(1..).collect(),
            }
        }

        #[js(iterator, name = "entries")]
        fn all(&self) -> Vec<(String, u32)> {
            self.pairs.clone()
        }

        #[js(get)]
        fn size(&self) -> u32 {
            self.pairs.len() as u32
        }

        fn of(name: String) -> Self {
            Self {
                pairs: vec![(name, 1)],
            }
        }
    }

    #[js_class]
    struct Span(u32, u32);

    #[js_class]
    impl Span {
        #[js(constructor)]
        fn new(from: u32, to: u32) -> Self {
            Self(from, to)
        }

        #[js(iterator)]
        fn iter(&self) -> impl Iterator<Item = u32> + use<> {
            self.0..self.1
        }
    }

    #[js_class]
    struct Countdown(u32);

    #[js_class]
    impl Countdown {
        #[js(constructor)]
        fn new(from: u32) -> Self {
            Self(from)
        }

        #[js(next)]
        fn next(&mut self) -> Option<u32> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
    }

    #[js_class]
    #[derive(Clone)]
    struct Ticks(std::rc::Rc<std::cell::Cell<u32>>);

    #[js_class]
    impl Ticks {
        #[js(constructor)]
        fn new(to: u32) -> Self {
            Self(std::rc::Rc::new(to.into()))
        }

        #[js(next)]
        async fn next(self) -> Result<Option<u32>, JsError> {
            let left = self.0.get();
            if left == 13 {
                return Err(JsError::error("bad luck"));
            }
            self.0.set(left.saturating_sub(1));
            Ok((left > 0).then_some(left))
        }
    }
}

#[test]
fn a_class_can_have_the_members_of_web_idl() {
    check(
        &MODULE,
        &[
            (
                "JSON.stringify([...new Pairs('a', 'b').entries()])",
                r#"[["a",1],["b",2]]"#,
            ),
            (
                "Pairs.prototype.entries === Pairs.prototype[Symbol.iterator]",
                "true",
            ),
            ("Object.keys(Pairs.prototype)", "MOST,HALF,size,entries"),
            ("Object.keys(Pairs)", "of,MOST,HALF"),
            ("[Pairs.MOST, new Pairs().MOST, Pairs.HALF]", "2,2,0.5"),
            ("(Reflect.set(Pairs, 'MOST', 3), Pairs.MOST)", "2"),
            ("Pairs.of('x').size", "1"),
        ],
    );
}

#[test]
fn an_object_with_an_iterator_is_iterable() {
    check(
        &MODULE,
        &[
            ("[...new Words('a b c')]", "a,b,c"),
            ("[...new Words('a b c').backwards()]", "c,b,a"),
            (
                "(() => { let sum = 0; for (const n of new Span(1, 5)) sum += n; return sum })()",
                "10",
            ),
            (
                "new Span(0, 4)[Symbol.iterator]().map((n) => n * 2).toArray()",
                "0,2,4,6",
            ),
        ],
    );
}

#[test]
fn an_object_may_be_its_own_iterator() {
    check(
        &MODULE,
        &[
            ("[...new Countdown(3)]", "2,1,0"),
            (
                "((c) => c[Symbol.iterator]() === c)(new Countdown(3))",
                "true",
            ),
            (
                "JSON.stringify(((c) => [c.next(), c.next()])(new Countdown(1)))",
                r#"[{"value":0,"done":false},{"done":true}]"#,
            ),
        ],
    );
}

#[test]
fn an_object_may_be_its_own_async_iterator() {
    let all = |count: u32| {
        format!(
            "(async () => {{ const all = []; for await (const n of new Ticks({count})) all.push(n); return all }})()"
        )
    };
    check(
        &MODULE,
        &[(&all(3), "3,2,1"), (&all(14), "thrown Error: bad luck")],
    );
}
