//! TypeScript types as constants: each Rust type that crosses says what it is called there.

/// A TypeScript type. A tree of constants, so that a declaration costs nothing until it is printed.
#[derive(Clone, Copy, Debug)]
pub enum Ts {
    /// A type by its name: `string`, `Uint8Array`.
    Name(&'static str),
    /// `T[]`
    Array(&'static Ts),
    /// `T | undefined`
    Optional(&'static Ts),
    /// `T | null`
    Nullable(&'static Ts),
    /// `Promise<T>`
    Promise(&'static Ts),
    /// `Record<string, T>`
    Record(&'static Ts),
    /// `Name<T>`
    Generic(&'static str, &'static [Ts]),
    /// `[A, B]`
    Tuple(&'static [Ts]),
    /// `A | B`
    Union(&'static [Ts]),
    /// `(a: A) => R`; the parameters are named `arg0`, `arg1`, …
    Function(&'static [Ts], &'static Ts),
    /// A declared interface or type alias; printed once, referred to by name. A function, so that it may refer to itself.
    Declared(fn() -> &'static TypeDecl),
}

/// A declared type: what `#[derive(FromJs, IntoJs)]` emits.
#[derive(Clone, Copy, Debug)]
pub struct TypeDecl {
    /// Its TypeScript name.
    pub name: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// What it is.
    pub body: TypeBody,
}

/// The body of a declared type.
#[derive(Clone, Copy, Debug)]
pub enum TypeBody {
    /// `interface Name { … }`
    Interface(&'static [FieldDecl]),
    /// `type Name = "a" | "b"`
    Literals(&'static [&'static str]),
    /// `type Name = { type: "a", … } | { type: "b", … }`
    Variants(&'static str, &'static [VariantDecl]),
    /// `type Name = T`
    Alias(Ts),
}

/// A field of an interface or variant.
#[derive(Clone, Copy, Debug)]
pub struct FieldDecl {
    /// Its JavaScript name.
    pub name: &'static str,
    /// Its doc comment.
    pub doc: &'static str,
    /// Its type.
    pub ty: Ts,
    /// Whether it may be absent.
    pub optional: bool,
}

/// One variant of a data enum.
#[derive(Clone, Copy, Debug)]
pub struct VariantDecl {
    /// The tag's value.
    pub tag: &'static str,
    /// Its doc comment.
    pub doc: &'static str,
    /// Its fields.
    pub fields: &'static [FieldDecl],
}

/// From JavaScript: the types of parameters.
#[derive(Debug)]
pub enum In {}

/// To JavaScript: the types of results.
#[derive(Debug)]
pub enum Out {}

/// A Rust type that has a TypeScript type, the same both ways (`impl<Way> TsType<Way> for …`) or one for each: bytes are taken
/// from any view and given as a `Uint8Array`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross between Rust and JavaScript",
    label = "no JavaScript type stands for it",
    note = "for a struct or enum of yours, add `#[derive(FromJs, IntoJs)]`; for a class, `#[js_class]`"
)]
pub trait TsType<Way> {
    /// The type.
    const TS: Ts;
    /// The type of a sequence of it. `u8` overrides it, since a sequence of bytes is no array.
    #[doc(hidden)]
    const VEC: Ts = Ts::Array(&Self::TS);
}
