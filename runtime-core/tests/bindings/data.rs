//! Structs and enums that cross by value.

use runtime_core::prelude::*;

use crate::check;

#[js_module(globals)]
mod plain {
    use super::*;

    /// How to fetch.
    #[derive(FromJs, IntoJs)]
    struct Options {
        /// How often to try.
        #[js(default = 3)]
        max_retries: u32,
        #[js(name = "user-agent")]
        agent: Option<String>,
        #[js(default)]
        mode: Mode,
    }

    #[derive(FromJs, IntoJs, Default, Clone, Copy)]
    enum Mode {
        #[default]
        Fast,
        VerySlow,
        #[js(name = "off")]
        Disabled,
    }

    #[derive(FromJs, IntoJs)]
    enum Shape {
        Circle {
            radius: f64,
        },
        #[js(name = "rect")]
        Rectangle {
            width: f64,
            height: f64,
        },
        Text(String),
        Nothing,
    }

    #[derive(FromJs, IntoJs)]
    #[js(tag = "kind")]
    enum Message {
        Say { text_value: String },
    }

    #[derive(FromJs, IntoJs)]
    struct Meters(f64);

    #[derive(FromJs, IntoJs)]
    struct Tree {
        value: i32,
        #[js(default)]
        children: Vec<Tree>,
    }

    /// Only ever returned.
    #[derive(IntoJs)]
    struct Reading {
        channel: u8,
        unit: &'static str,
    }

    #[derive(FromJs)]
    struct Handlers<'js> {
        on_done: Function<'js>,
    }

    #[js_fn]
    fn options(options: Options) -> Options {
        options
    }

    #[js_fn]
    fn shape(shape: Shape) -> Shape {
        match shape {
            Shape::Circle { radius } => Shape::Circle {
                radius: radius * 2.0,
            },
            other => other,
        }
    }

    #[js_fn]
    fn message(message: Message) -> Message {
        message
    }

    #[js_fn]
    fn far(far: Meters) -> Meters {
        Meters(far.0 + 1.0)
    }

    #[js_fn]
    fn depth(tree: Tree) -> i32 {
        tree.value + tree.children.into_iter().map(depth).sum::<i32>()
    }

    #[js_fn]
    fn reading(channel: u8) -> Vec<Reading> {
        vec![Reading { channel, unit: "K" }]
    }

    #[js_fn]
    fn done<'js>(cx: &mut Cx<'js>, handlers: Handlers<'js>) -> Result<Value<'js>, Error<'js>> {
        handlers.on_done.call(cx, &Value::undefined(), &[])
    }
}

#[test]
fn a_struct_is_an_object() {
    check(
        &MODULE,
        &[
            (
                "JSON.stringify(options())",
                r#"{"maxRetries":3,"mode":"fast"}"#,
            ),
            (
                "JSON.stringify(options({}))",
                r#"{"maxRetries":3,"mode":"fast"}"#,
            ),
            ("options.length", "0"),
            (
                "JSON.stringify(options({ maxRetries: 1, 'user-agent': 'x', mode: 'verySlow' }))",
                r#"{"maxRetries":1,"user-agent":"x","mode":"verySlow"}"#,
            ),
            (
                "JSON.stringify(reading(4))",
                r#"[{"channel":4,"unit":"K"}]"#,
            ),
            ("far(2)", "3"),
            (
                "depth({ value: 1, children: [{ value: 2 }, { value: 3, children: [] }] })",
                "6",
            ),
            ("done({ onDone: () => 'yes' })", "yes"),
        ],
    );
}

#[test]
fn an_enum_is_a_string_or_has_a_tag() {
    check(
        &MODULE,
        &[
            ("options({ mode: 'off' }).mode", "off"),
            (
                "JSON.stringify(shape({ type: 'circle', radius: 2 }))",
                r#"{"type":"circle","radius":4}"#,
            ),
            (
                "JSON.stringify(shape({ type: 'rect', width: 1, height: 2 }))",
                r#"{"type":"rect","width":1,"height":2}"#,
            ),
            (
                "JSON.stringify(shape({ type: 'text', value: 'a' }))",
                r#"{"type":"text","value":"a"}"#,
            ),
            (
                "JSON.stringify(shape({ type: 'nothing' }))",
                r#"{"type":"nothing"}"#,
            ),
            (
                "JSON.stringify(message({ kind: 'say', textValue: 'a' }))",
                r#"{"kind":"say","textValue":"a"}"#,
            ),
        ],
    );
}

#[test]
fn an_error_says_where_inside_it_was_found() {
    check(
        &MODULE,
        &[
            (
                "options({ maxRetries: 'x' })",
                "thrown TypeError: options: argument 1 (options).maxRetries must be a number, got a string",
            ),
            (
                "options({ 'user-agent': 1 })",
                r#"thrown TypeError: options: argument 1 (options)["user-agent"] must be a string, got a number"#,
            ),
            (
                "options({ mode: 'quick' })",
                r#"thrown TypeError: options: argument 1 (options).mode must be "fast", "verySlow" or "off", got "quick""#,
            ),
            (
                "options(null)",
                "thrown TypeError: options: argument 1 (options) must be an object, got null",
            ),
            (
                "shape({ type: 'square' })",
                r#"thrown TypeError: shape: argument 1 (shape).type must be "circle", "rect", "text" or "nothing", got "square""#,
            ),
            (
                "shape({})",
                r#"thrown TypeError: shape: argument 1 (shape).type must be "circle", "rect", "text" or "nothing", got undefined"#,
            ),
            (
                "depth({ value: 1, children: [{ value: 2 }, {}] })",
                "thrown TypeError: depth: argument 1 (tree).children[1].value must be a number, got undefined",
            ),
            (
                "done({})",
                "thrown TypeError: done: argument 1 (handlers).onDone must be a function, got undefined",
            ),
        ],
    );
}

#[test]
fn a_value_that_contains_itself_or_has_too_many_parts_is_refused() {
    check(
        &MODULE,
        &[
            (
                // Where it ends follows from how much stack there is; the middle of the way is left out.
                r"(() => {
                    const tree = { value: 1 };
                    tree.children = [tree];
                    try { return depth(tree) } catch (error) {
                        return `${error}`.replace(/(\.children\[0\])+….* must/, '.children[0]… must');
                    }
                })()",
                "RangeError: depth: argument 1 (tree).children[0]… \
                 must be nested at most 512 levels deep, got one that nests deeper or contains itself",
            ),
            (
                "(() => { const children = []; children.length = 2 ** 31; return depth({ value: 1, children }) })()",
                "thrown RangeError: depth: argument 1 (tree) must be of at most 4194304 parts, \
                 got one of more; an object counts each time it is reached",
            ),
        ],
    );
}
