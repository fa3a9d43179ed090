//! A crate that is a module.

use runtime_core::prelude::*;

#[js_module(specifier = "acme:sensor")]
pub mod sensor {
    use super::*;

    /// How many channels there are.
    #[js_fn]
    fn channels() -> u32 {
        4
    }

    /// Calls back with each channel.
    #[js_fn]
    fn each<'js>(cx: &mut Cx<'js>, callback: Function<'js>) -> Result<(), Error<'js>> {
        for channel in 0..4 {
            callback.call(cx, &Value::undefined(), &[Value::number(f64::from(channel))])?;
        }
        Ok(())
    }

    /// What is measured, when the runtime may know it.
    #[js_fn(permission = "sys:temperature")]
    fn temperature() -> f64 {
        21.5
    }

    /// What the spec of the tests does not grant.
    #[js_fn(permission = "sys:pressure")]
    fn pressure() -> f64 {
        1013.0
    }

    /// Something that measures.
    #[js_class]
    pub struct Probe {
        channel: u32,
    }

    #[js_class]
    impl Probe {
        /// One on a channel.
        #[js(constructor)]
        fn new(channel: u32) -> Self {
            Self { channel }
        }

        /// Its channel.
        #[js(get)]
        fn channel(&self) -> u32 {
            self.channel
        }
    }
}
