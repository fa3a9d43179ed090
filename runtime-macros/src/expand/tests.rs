//! Snapshots of expansions: they are read by whoever runs `cargo expand`, so they must stay worth reading.

use proc_macro2::TokenStream;
use quote::quote;

use super::{from_js, into_js, js_class, js_fn, js_module};

#[track_caller]
fn check(name: &str, expansion: TokenStream) {
    let file = syn::parse2(expansion).expect("an expansion is Rust");
    insta::assert_snapshot!(name, prettyplease::unparse(&file));
}

#[test]
fn a_function() {
    let item = quote! {
        /// Greets somebody.
        fn greet(name: String, #[js(default = 1)] times: u32) -> String {
            name.repeat(times as usize)
        }
    };
    check("function", js_fn(quote!(), item));
}

#[test]
fn a_function_that_throws_and_borrows() {
    let item = quote! {
        fn checksum(cx_free: &[u8], salt: &str) -> Result<u32, ChecksumError> {
            compute(cx_free, salt)
        }
    };
    check("function_throws", js_fn(quote!(name = "crc"), item));
}

#[test]
fn an_async_function() {
    let item = quote! {
        /// Reads a sensor once it is ready.
        async fn read(channel: u8) -> Result<Reading, SensorError> {
            sensor(channel).await
        }
    };
    check(
        "async_function",
        js_fn(quote!(permission = "sys:sensor"), item),
    );
}

#[test]
fn a_function_with_the_token() {
    let item = quote! {
        fn each<'js>(cx: &mut Cx<'js>, items: Vec<f64>, call: Function<'js>) -> Result<(), Error<'js>> {
            Ok(())
        }
    };
    check("function_with_token", js_fn(quote!(), item));
}

#[test]
fn a_class() {
    let item = quote! {
        /// Counts.
        struct Counter {
            #[js(base)]
            base: Base,
            count: f64,
        }
    };
    check("class", js_class(quote!(extends = Base), item));
}

#[test]
fn the_members_of_a_class() {
    let item = quote! {
        impl Counter {
            #[js(constructor)]
            fn new(start: f64) -> Self {
                Self { count: start }
            }

            /// Adds.
            fn add(&mut self, by: f64) -> f64 {
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

            fn zero() -> Self {
                Self { count: 0.0 }
            }

            #[js(iterator)]
            fn steps(&self) -> Vec<f64> {
                vec![self.count]
            }
        }
    };
    check("members", js_class(quote!(), item));
}

#[test]
fn a_module() {
    let item = quote! {
        /// Measures.
        pub mod sensor {
            #[js_fn]
            fn read() -> u32 {
                7
            }

            #[js_class]
            struct Probe;
        }
    };
    check("module", js_module(quote!(specifier = "acme:sensor"), item));
}

#[test]
fn a_struct_both_ways() {
    let item = quote! {
        /// How to fetch.
        struct Options {
            /// How often to try.
            #[js(default = 3)]
            max_retries: u32,
            agent: Option<String>,
        }
    };
    check("struct_from_js", from_js(item.clone()));
    check("struct_into_js", into_js(item));
}

#[test]
fn an_enum_both_ways() {
    let item = quote! {
        enum Shape {
            Circle { radius: f64 },
            Text(String),
            Nothing,
        }
    };
    check("enum_from_js", from_js(item.clone()));
    check("enum_into_js", into_js(item));
}

#[test]
fn an_enum_without_data() {
    let item = quote! {
        enum Mode {
            Fast,
            VerySlow,
        }
    };
    check("literals_from_js", from_js(item.clone()));
    check("literals_into_js", into_js(item));
}

#[test]
fn what_was_refused_has_a_stand_in() {
    let item = quote! {
        fn greet(_: f64) {}
    };
    check("refused", js_fn(quote!(), item));
}
