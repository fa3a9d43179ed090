//! A part of the host's page, as the package's JavaScript hands it over: asked by name, it answers with plain values.

use js_sys::{Array, Function};
use module_dom::{Node, Page};
use runtime_core::{JsError, Plain};
use wasm_bindgen::prelude::*;

use crate::errors::error_of;
use crate::host;
use crate::values::{from_host, to_host};

#[wasm_bindgen]
extern "C" {
    /// An object of `dom.js`.
    pub type HostPage;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn part(this: &HostPage) -> String;
    #[wasm_bindgen(method, getter)]
    fn ask(this: &HostPage) -> Function;
    #[wasm_bindgen(method)]
    fn release(this: &HostPage, node: Node);
}

impl Page for HostPage {
    fn ask(&self, what: &str, node: Node, args: &[Plain]) -> Result<Plain, JsError> {
        let crossing = args.iter().map(to_host).collect::<Result<Array, _>>()?;
        let args = Array::of3(&what.into(), &node.into(), &crossing);
        // What the page does of this may call it, and it must not run a script meanwhile.
        let said = host::call_on(self, &self.ask(), &args);
        said.map_err(|error| error_of(&error))
            .and_then(|said| from_host(&said))
    }

    fn release(&self, node: Node) {
        self.release(node);
    }
}
