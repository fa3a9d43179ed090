//! A crate that is a module.

use runtime_core::prelude::*;

#[js_module]
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
}
