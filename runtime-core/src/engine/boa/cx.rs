//! The token that runs JavaScript. Everything that can call back into a script takes `&mut Cx`.

use std::any::Any;
use std::rc::Rc;

use boa_engine::Context;

use super::entry;
use super::error::thrown;
use super::object::Object;
use super::syntax::Goal;
use super::value::Value;
use crate::engine::Brand;
use crate::error::Error;
use crate::permissions::Permissions;
use crate::state::RuntimeState;

/// The engine's context during one entry. It cannot be stored: `'js` ends with the entry.
#[derive(Debug)]
pub struct Cx<'js> {
    pub(super) context: &'js mut Context,
    brand: Brand<'js>,
}

impl<'js> Cx<'js> {
    pub(super) fn new(context: &'js mut Context) -> Self {
        Self {
            context,
            brand: Brand::default(),
        }
    }

    /// The global object.
    pub fn global(&mut self) -> Object<'js> {
        Object::wrap(self.context.global_object())
    }

    /// Evaluates `code` as a script (not a module) named `name`; `name` appears in stacks.
    pub fn eval(&mut self, code: &str, name: &str) -> Result<Value<'js>, Error<'js>> {
        let result = entry::run(self.context, |context| {
            Goal::script(&mut Cx::new(context), name, code)?.evaluate(context)
        });
        result.map(Value::wrap).map_err(|error| thrown(self, error))
    }

    /// What this runtime's own modules keep for themselves: one value of each type, made on first use.
    pub fn local<T: Any + Default>(&self) -> Rc<T> {
        self.state().local()
    }

    /// What the code that is running now may do.
    pub fn permissions(&self) -> Rc<Permissions> {
        self.state().permissions()
    }

    /// An error when this runtime must end: a limit was hit, or somebody stopped it. Native code that computes for long asks
    /// between its steps and returns the error, which no script can catch.
    pub fn go_on(&mut self) -> Result<(), Error<'js>> {
        entry::judge(self.context);
        match self.state().fatal() {
            Some(fatal) => Err(Error::Fatal(fatal)),
            None => Ok(()),
        }
    }

    /// The engine-neutral state of this runtime.
    pub(crate) fn state(&self) -> &Rc<RuntimeState> {
        self.context
            .get_data::<Rc<RuntimeState>>()
            .expect("the engine inserts the state before anything runs")
    }
}
