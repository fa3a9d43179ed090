//! `URLSearchParams`: a list of parameters, which may be the query of a URL. The boundary: arguments and results; the list is
//! `form`'s, and the URL's own part of keeping both alike is in `url`.

use std::cell::RefCell;
use std::rc::Rc;

use runtime_core::Held;
use runtime_core::prelude::*;
use runtime_core::ts::{Ts, TsType};
use runtime_core::webidl::{Nullable, Optional, Required, UsvString};

use crate::form::{List, Pair};
use crate::init::Init;
use crate::record::Record;

/// The parameters of a query.
#[js_class(name = "URLSearchParams", enumerable)]
#[derive(Debug)]
pub struct UrlSearchParams {
    list: Rc<RefCell<List>>,
    /// The URL whose query this is.
    url: Option<Rc<RefCell<Record>>>,
    /// The list, and the query, on the account.
    held: Held,
}

/// What an iteration gives.
#[derive(Debug)]
struct Entry(Pair);

impl<Way> TsType<Way> for Entry {
    const TS: Ts = Ts::Name("[string, string]");
}

impl<'js> IntoJs<'js> for Entry {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let (name, value) = self.0;
        let pair = [Value::string(cx, &name), Value::string(cx, &value)];
        Ok(Object::array(cx, pair).to_value())
    }
}

/// Goes through a list that may change meanwhile.
struct Live {
    list: Rc<RefCell<List>>,
    at: usize,
}

impl Iterator for Live {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let pair = self.list.borrow().at(self.at).cloned()?;
        self.at += 1;
        Some(Entry(pair))
    }
}

type This<'js> = Instance<'js, UrlSearchParams>;

#[js_class]
impl UrlSearchParams {
    /// Makes parameters of a query, of pairs of names and values, or of an object.
    ///
    /// ```js
    /// new URLSearchParams("a=1&b=2");
    /// new URLSearchParams([["a", "1"], ["b", "2"]]);
    /// new URLSearchParams({ a: "1", b: "2" });
    /// ```
    #[js(constructor)]
    fn new<'js>(cx: &mut Cx<'js>, #[js(default)] init: Init) -> Result<Self, Error<'js>> {
        Self::over(cx, Rc::new(RefCell::new(init.0)), None)
    }

    /// How many parameters there are.
    #[js(get)]
    fn size(&self) -> u32 {
        self.list.borrow().len() as u32
    }

    /// Adds a parameter at the end.
    fn append<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        name: Required<UsvString, 2>,
        value: Required<UsvString, 2>,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |list| list.append(name.0.0, value.0.0))
    }

    /// Takes away all parameters of this name, or those of them that have this value.
    fn delete<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        name: Required<UsvString>,
        value: Optional<UsvString>,
    ) -> Result<(), Error<'js>> {
        let value = value.0.map(|value| value.0);
        change(cx, &this, |list| list.delete(&name.0.0, value.as_deref()))
    }

    /// The first value of this name; `null` when there is none.
    fn get(&self, name: Required<UsvString>) -> Nullable<String> {
        Nullable(
            self.list
                .borrow()
                .values(&name.0.0)
                .next()
                .map(str::to_owned),
        )
    }

    /// All values of this name.
    fn get_all(&self, name: Required<UsvString>) -> Vec<String> {
        let list = self.list.borrow();
        list.values(&name.0.0).map(str::to_owned).collect()
    }

    /// Whether there is a parameter of this name, and of this value when one is given.
    fn has(&self, name: Required<UsvString>, value: Optional<UsvString>) -> bool {
        let list = self.list.borrow();
        let mut values = list.values(&name.0.0);
        match value.0 {
            Some(value) => values.any(|known| known == value.0),
            None => values.next().is_some(),
        }
    }

    /// Makes this value the only one of its name.
    fn set<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        name: Required<UsvString, 2>,
        value: Required<UsvString, 2>,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |list| list.set(name.0.0, value.0.0))
    }

    /// Sorts the parameters by their names. Those of one name keep their order.
    fn sort<'js>(cx: &mut Cx<'js>, this: Instance<'js, Self>) -> Result<(), Error<'js>> {
        change(cx, &this, List::sort)
    }

    /// The query that has these parameters, without `?`.
    #[js(name = "toString")]
    fn query(&self) -> String {
        self.list.borrow().query()
    }

    /// The names and values, in order.
    #[js(iterator, name = "entries")]
    fn entries(&self) -> Live {
        self.live()
    }

    /// Calls a function with each value, its name and these parameters.
    fn for_each<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        callback: Required<Function<'js>>,
        this_arg: Optional<Value<'js>>,
    ) -> Result<(), Error<'js>> {
        let receiver = this_arg.0.unwrap_or_else(Value::undefined);
        let live = this.get(cx).live();
        for Entry((name, value)) in live {
            let (name, value) = (Value::string(cx, &name), Value::string(cx, &value));
            let args = [value, name, this.object().to_value()];
            callback.0.call(cx, &receiver, &args)?;
        }
        Ok(())
    }

    /// The names, in order.
    fn keys(&self) -> JsIter<String> {
        JsIter::new(self.live().map(|Entry((name, _))| name))
    }

    /// The values, in order.
    fn values(&self) -> JsIter<String> {
        JsIter::new(self.live().map(|Entry((_, value))| value))
    }
}

impl UrlSearchParams {
    /// The parameters in `list`, which belongs to `url` when one is given.
    pub(crate) fn over<'js>(
        cx: &mut Cx<'js>,
        list: Rc<RefCell<List>>,
        url: Option<Rc<RefCell<Record>>>,
    ) -> Result<Self, Error<'js>> {
        let weight = list.borrow().weight();
        let held = cx.charge(weight)?;
        Ok(Self { list, url, held })
    }

    fn live(&self) -> Live {
        Live {
            list: Rc::clone(&self.list),
            at: 0,
        }
    }
}

/// Changes the list, and with it the query of its URL.
fn change<'js>(
    cx: &mut Cx<'js>,
    this: &This<'js>,
    change: impl FnOnce(&mut List),
) -> Result<(), Error<'js>> {
    let params = this.get(cx);
    let (list, url) = (Rc::clone(&params.list), params.url.clone());
    change(&mut list.borrow_mut());
    let mut weight = list.borrow().weight();
    if let Some(url) = url {
        let query = list.borrow().query();
        weight += query.len();
        url.borrow_mut().query = Some(query).filter(|query| !query.is_empty());
    }
    let held = cx.charge(weight)?;
    this.get_mut(cx).held = held;
    Ok(())
}
