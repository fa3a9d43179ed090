//! The token that runs JavaScript. Everything that can call back into a script takes `&mut Cx`.

use std::any::Any;
use std::rc::Rc;

use boa_engine::Context;

use super::entry;
use super::error::thrown;
use super::object::Object;
use super::syntax::Goal;
use super::value::Value;
use crate::engine::{Brand, Error};
use crate::error::Fatal;
use crate::limits::Frame;
use crate::permissions::Permissions;
use crate::state::RuntimeState;

/// The engine's context during one entry. It cannot be stored: `'js` ends with the entry.
#[derive(Debug)]
pub struct Cx<'js> {
    pub(super) context: &'js mut Context,
    /// What the native call that this is the token of has on the account.
    frame: Frame,
    brand: Brand<'js>,
}

impl<'js> Cx<'js> {
    pub(super) fn new(context: &'js mut Context) -> Self {
        Self {
            context,
            frame: Frame::default(),
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
        entry::judged(self.context).map_or(Ok(()), |fatal| Err(Error::Fatal(fatal)))
    }

    /// What the native call that is running has on the account.
    pub(crate) fn frame(&mut self) -> &mut Frame {
        &mut self.frame
    }

    /// Collects garbage, while a script is running.
    pub(crate) fn collect(&mut self) {
        boa_gc::force_collect();
    }

    /// Ends the script: the state remembers why and where, and nothing catches the error.
    #[cold]
    pub(crate) fn end(&mut self, fatal: Fatal) -> Error<'js> {
        entry::end(self.context, fatal);
        Error::Fatal(self.state().fatal().expect("it was just set"))
    }

    /// The engine-neutral state of this runtime.
    pub(crate) fn state(&self) -> &Rc<RuntimeState> {
        self.context
            .get_data::<Rc<RuntimeState>>()
            .expect("the engine inserts the state before anything runs")
    }
}
