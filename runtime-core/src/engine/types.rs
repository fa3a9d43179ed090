//! What the backends share: the plain words of the port, which no engine defines.
//!
//! The boundary: data and its conversions. Nothing here touches an engine.

use std::fmt;

use super::{Cx, Error, Function, Object, Value};

/// What `typeof` says, with `null` told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// A boolean
    Boolean,
    /// A number
    Number,
    /// A `BigInt`
    BigInt,
    /// A string
    String,
    /// A symbol
    Symbol,
    /// A callable object
    Function,
    /// Any other object
    Object,
}

impl Type {
    /// The type with its article, as argument errors say it: `an object`.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::BigInt => "a bigint",
            Self::String => "a string",
            Self::Symbol => "a symbol",
            Self::Function => "a function",
            Self::Object => "an object",
        }
    }
}

/// What kind of object it is, by its hidden parts and not by its prototype, which a script can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the JavaScript class of its name")]
pub enum Kind {
    Array,
    ArrayBuffer,
    BoxedPrimitive,
    DataView,
    Date,
    Error,
    Function,
    Generator,
    Map,
    Plain,
    Promise,
    Proxy,
    RegExp,
    Set,
    SharedArrayBuffer,
    TypedArray,
    WeakMap,
    WeakSet,
    /// A class of the runtime's own.
    Host,
}

/// What a call of a function does, as its source says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the JavaScript construct of its name")]
pub enum Flavour {
    Plain,
    Async,
    Generator,
    AsyncGenerator,
    Class,
}

/// A property key.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a, 'js> {
    /// A string.
    Name(&'a str),
    /// An array index.
    Index(u32),
    /// A well-known symbol.
    WellKnown(WellKnown),
    /// A string or symbol at hand.
    Of(&'a Value<'js>),
}

impl<'a> From<&'a str> for Key<'a, '_> {
    fn from(name: &'a str) -> Self {
        Self::Name(name)
    }
}

impl From<u32> for Key<'_, '_> {
    fn from(index: u32) -> Self {
        Self::Index(index)
    }
}

impl From<WellKnown> for Key<'_, '_> {
    fn from(symbol: WellKnown) -> Self {
        Self::WellKnown(symbol)
    }
}

impl<'a, 'js> From<&'a Value<'js>> for Key<'a, 'js> {
    fn from(key: &'a Value<'js>) -> Self {
        Self::Of(key)
    }
}

/// The well-known symbols that bindings use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WellKnown {
    /// `Symbol.iterator`
    Iterator,
    /// `Symbol.asyncIterator`
    AsyncIterator,
    /// `Symbol.toStringTag`
    ToStringTag,
}

/// A property as `Object.getOwnPropertyDescriptor` describes it.
#[derive(Clone, Debug)]
pub struct Property<'js> {
    /// The value of a data property.
    pub value: Option<Value<'js>>,
    /// The getter of an accessor.
    pub get: Option<Function<'js>>,
    /// The setter of an accessor.
    pub set: Option<Function<'js>>,
    /// Whether assignment changes it.
    pub writable: bool,
    /// Whether enumeration shows it.
    pub enumerable: bool,
    /// Whether it can be redefined or deleted.
    pub configurable: bool,
}

impl<'js> Property<'js> {
    /// A property as assignment makes it.
    pub fn plain(value: Value<'js>) -> Self {
        Self {
            value: Some(value),
            get: None,
            set: None,
            writable: true,
            enumerable: true,
            configurable: true,
        }
    }

    /// A property as classes make their methods: not enumerable.
    pub fn hidden(value: Value<'js>) -> Self {
        Self {
            enumerable: false,
            ..Self::plain(value)
        }
    }

    /// A property that nothing changes.
    pub fn constant(value: Value<'js>) -> Self {
        Self {
            writable: false,
            configurable: false,
            ..Self::plain(value)
        }
    }

    /// A getter, a setter or both, not enumerable.
    pub fn accessor(get: Option<Function<'js>>, set: Option<Function<'js>>) -> Self {
        Self {
            value: None,
            get,
            set,
            writable: false,
            enumerable: false,
            configurable: true,
        }
    }
}

/// Makes the exports of a native module.
pub(crate) type Exports = Box<dyn for<'js> FnOnce(&mut Cx<'js>) -> Result<Object<'js>, Error<'js>>>;

/// What a module is made from.
pub(crate) enum Source {
    /// An ES module.
    JavaScript(String),
    /// A JSON text, exported as `default`.
    Json(String),
    /// An ES module that the engine compiled when the runtime was built.
    Bytecode(&'static [u8]),
    /// A native module, by what makes its exports.
    Native(Exports),
}

impl Source {
    /// The bytes of memory that it takes until it is compiled.
    pub(crate) fn held(&self) -> usize {
        match self {
            Self::JavaScript(text) | Self::Json(text) => text.len(),
            Self::Bytecode(_) | Self::Native(_) => 0,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JavaScript(_) => "JavaScript",
            Self::Json(_) => "Json",
            Self::Bytecode(_) => "Bytecode",
            Self::Native(_) => "Native",
        })
    }
}

/// Where a promise stands.
#[derive(Clone, Debug)]
pub enum PromiseState<'js> {
    /// Not settled.
    Pending,
    /// Fulfilled with a value.
    Fulfilled(Value<'js>),
    /// Rejected with a reason.
    Rejected(Value<'js>),
}

/// What an engine's own error complains of without naming the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Complaint<'a> {
    /// What is called is no function.
    NotCallable,
    /// `null` and `undefined` have no properties. The name of the property, when the engine says
    /// it; else the place is that of the property and not that of the object.
    NoProperties(Option<&'a str>),
}
