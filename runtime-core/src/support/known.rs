//! What is known of a parameter's or result's type, for declarations. A type of which nothing is known is `unknown` here, so
//! that the conversion, which needs to know it, is the one that complains.
//!
//! An inherent constant is preferred to one of a trait, and one whose bounds do not hold is passed over.

use std::marker::PhantomData;

use crate::convert::FromJs;
use crate::ts::{In, Out, Ts, TsType};

/// A type that a function takes.
#[derive(Debug)]
pub struct Taken<T>(PhantomData<fn(T)>);

/// A type that a function gives.
#[derive(Debug)]
pub struct Given<T>(PhantomData<fn() -> T>);

impl<T: TsType<In>> Taken<T> {
    /// Its TypeScript type.
    pub const TS: Ts = T::TS;
}

impl<T: FromJs<'static>> Taken<T> {
    /// Whether it may be absent.
    pub const OPTIONAL: bool = T::OPTIONAL;
    /// Whether it takes all remaining arguments.
    pub const REST: bool = T::REST;
}

impl<T: TsType<Out>> Given<T> {
    /// Its TypeScript type.
    pub const TS: Ts = T::TS;
}

/// What is said of a type of which nothing is known.
pub trait Unknown {
    /// Its TypeScript type.
    const TS: Ts = Ts::Name("unknown");
    /// Whether it may be absent.
    const OPTIONAL: bool = false;
    /// Whether it takes all remaining arguments.
    const REST: bool = false;
}

impl<T> Unknown for Taken<T> {}

impl<T> Unknown for Given<T> {}
