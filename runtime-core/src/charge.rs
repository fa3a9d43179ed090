//! Charging the account of a runtime: by the token of a native call, and by its future.
//!
//! The token of a call has a [`Frame`], to which conversions add. It is dropped with the token, or
//! goes with the call's future.

use std::any::Any;
use std::fmt;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::convert::IntoJs;
use crate::engine::{Cx, Error, Value};
use crate::event_loop::turn;
use crate::limits::{Account, Frame, Held};
use crate::state::RuntimeState;
use crate::ts::{Ts, TsType};

/// A result with the bytes that it has on the account: they count until it has crossed to the
/// script.
#[derive(Debug)]
pub struct Charged<T> {
    /// The result.
    pub value: T,
    /// What it holds.
    pub held: Held,
}

/// Charges the account of a runtime from a future, which has no token.
#[derive(Clone)]
pub struct Charger {
    account: Arc<Account>,
    // Weak, as a future must not keep alive the runtime that holds it.
    runtime: Weak<RuntimeState>,
}

impl<'js> Cx<'js> {
    /// The account of this runtime, for threads of a native function's own.
    pub fn account(&self) -> &Arc<Account> {
        self.state().watch.account()
    }

    /// What charges the account from a future.
    pub fn charger(&self) -> Charger {
        Charger {
            account: Arc::clone(self.account()),
            runtime: Rc::downgrade(self.state()),
        }
    }

    /// Puts `bytes` on the account of this runtime until what is returned is dropped: memory that
    /// native code keeps for a script beyond the call. What does not fit into `limits.memory`, also
    /// when garbage was collected, ends the script.
    pub fn charge(&mut self, bytes: usize) -> Result<Held, Error<'js>> {
        let account = self.account();
        if account.limit().is_none() {
            return Ok(Held::default());
        }
        if !account.has_room(bytes) {
            self.collect();
        }
        match self.account().charge(bytes) {
            Some(held) => Ok(held),
            None => Err(self.refused()),
        }
    }

    /// Puts `bytes` on the account until the native call that is running has returned; when it
    /// returns a promise, until that is settled. Conversions ask this before they copy a value.
    pub fn hold(&mut self, bytes: usize) -> Result<(), Error<'js>> {
        if bytes == 0 || self.account().limit().is_none() {
            return Ok(());
        }
        let held = self.charge(bytes)?;
        self.frame().held.add(held);
        Ok(())
    }

    /// Keeps `what` as long as what the call [holds](Self::hold).
    pub fn keep(&mut self, what: Rc<dyn Any>) {
        self.frame().kept.push(what);
    }

    /// Takes over what the native call that is running has on the account so far.
    pub(crate) fn take_frame(&mut self) -> Frame {
        std::mem::take(self.frame())
    }

    /// Runs `f` and takes what it [held](Self::hold) off the account: what it copied is gone, or
    /// kept by somebody who charges for it.
    pub fn release<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.take_frame();
        let result = f(self);
        *self.frame() = outer;
        result
    }

    /// The error of a request that was refused.
    #[cold]
    fn refused(&mut self) -> Error<'js> {
        match self.account().hit() {
            Some(hit) => self.end(hit.into()),
            None => Error::range_error("not enough memory"),
        }
    }
}

impl Charger {
    /// Puts `bytes` on the account. When they do not fit, garbage is collected on the loop's next
    /// turn; when they do not fit then either, there is none to return and the script is over.
    pub async fn charge(&self, bytes: usize) -> Option<Held> {
        if let Some(held) = self.account.try_charge(bytes) {
            return Some(held);
        }
        let (answer, charged) = oneshot::channel();
        let runtime = self.runtime.upgrade()?;
        runtime.event_loop.push(turn(move |cx| {
            // Whoever asked may be gone; then the bytes are taken off the account again.
            let _ = answer.send(cx.charge(bytes).ok());
        }));
        drop(runtime);
        charged.await.ok().flatten()
    }
}

impl<Way, T: TsType<Way>> TsType<Way> for Charged<T> {
    const TS: Ts = T::TS;
}

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Charged<T> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let value = self.value.into_js(cx);
        drop(self.held);
        value
    }
}

impl fmt::Debug for Charger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Charger")
    }
}
