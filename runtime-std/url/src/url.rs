//! `URL`: the class over a record, and the parameters that follow it. The boundary: arguments and results; parts are set in
//! `setters`.

use std::cell::RefCell;
use std::rc::Rc;

use runtime_core::Held;
use runtime_core::prelude::*;
use runtime_core::webidl::{Nullable, Optional, Required, UsvString};

use crate::form::List;
use crate::params::UrlSearchParams;
use crate::parser;
use crate::record::Record;

/// The address of a resource, and its parts.
#[js_class(name = "URL", enumerable)]
#[derive(Debug)]
pub struct Url {
    record: Rc<RefCell<Record>>,
    /// `searchParams`, once a script has asked for it.
    #[js(slot)]
    params: Option<Params>,
    /// The record on the account.
    held: Held,
}

/// The one object that is `searchParams`, and its list.
#[derive(Debug, Trace)]
struct Params {
    #[js(slot)]
    object: Slot,
    list: Rc<RefCell<List>>,
}

type This<'js> = Instance<'js, Url>;

/// How much of a text an error shows.
const SHOWN: usize = 60;

#[js_class]
impl Url {
    /// Parses `url`, relative to `base` when there is one. What is no URL is a TypeError.
    ///
    /// ```js
    /// new URL("../b?c#d", "https://example.org/a/").href; // "https://example.org/b?c#d"
    /// ```
    #[js(constructor)]
    fn new<'js>(
        cx: &mut Cx<'js>,
        url: Required<UsvString>,
        base: Optional<UsvString>,
    ) -> Result<Self, Error<'js>> {
        match parsed(&url, &base) {
            Ok(record) => Self::of(cx, record),
            Err(error) => Err(error.into()),
        }
    }

    /// The URL, or `null` when it is none.
    fn parse<'js>(
        cx: &mut Cx<'js>,
        url: Required<UsvString>,
        base: Optional<UsvString>,
    ) -> Result<Nullable<Self>, Error<'js>> {
        match parsed(&url, &base) {
            Ok(record) => Self::of(cx, record).map(|url| Nullable(Some(url))),
            Err(_) => Ok(Nullable(None)),
        }
    }

    /// Whether it is a URL.
    fn can_parse(url: Required<UsvString>, base: Optional<UsvString>) -> bool {
        parsed(&url, &base).is_ok()
    }

    /// The whole URL.
    #[js(get)]
    fn href(&self) -> String {
        self.record.borrow().href()
    }

    #[js(set)]
    fn set_href<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        let record = parsed(&Required(value), &Optional(None))?;
        change(cx, &this, |own| *own = record)?;
        follow(cx, &this);
        Ok(())
    }

    /// The scheme, host and port, which scripts of this URL share; `"null"` when they share nothing.
    #[js(get)]
    fn origin(&self) -> String {
        self.record.borrow().origin()
    }

    /// The scheme with its colon: `"https:"`.
    #[js(get)]
    fn protocol(&self) -> String {
        self.record.borrow().protocol()
    }

    #[js(set)]
    fn set_protocol<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_protocol(&value.0))
    }

    /// The user name, percent-encoded.
    #[js(get)]
    fn username(&self) -> String {
        self.record.borrow().username.clone()
    }

    #[js(set)]
    fn set_username<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_username(&value.0))
    }

    /// The password, percent-encoded.
    #[js(get)]
    fn password(&self) -> String {
        self.record.borrow().password.clone()
    }

    #[js(set)]
    fn set_password<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_password(&value.0))
    }

    /// The host name, with the port when it is not the scheme's own.
    #[js(get)]
    fn host(&self) -> String {
        self.record.borrow().host()
    }

    #[js(set)]
    fn set_host<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_host(&value.0))
    }

    /// The host name.
    #[js(get)]
    fn hostname(&self) -> String {
        self.record.borrow().hostname().to_owned()
    }

    #[js(set)]
    fn set_hostname<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_hostname(&value.0))
    }

    /// The port; empty when it is the scheme's own.
    #[js(get)]
    fn port(&self) -> String {
        self.record.borrow().port()
    }

    #[js(set)]
    fn set_port<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_port(&value.0))
    }

    /// The path, percent-encoded.
    #[js(get)]
    fn pathname(&self) -> String {
        self.record.borrow().path.clone()
    }

    #[js(set)]
    fn set_pathname<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_pathname(&value.0))
    }

    /// The query with its `?`; empty when there is none.
    #[js(get)]
    fn search(&self) -> String {
        self.record.borrow().search()
    }

    #[js(set)]
    fn set_search<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_search(&value.0))?;
        if let Some(params) = &this.get(cx).params {
            // Of the text as it is, with the tabs and line breaks that the URL leaves out.
            let query = value.0.strip_prefix('?').unwrap_or(&value.0);
            *params.list.borrow_mut() = List::parse(query);
        }
        Ok(())
    }

    /// The parameters of the query, always the same object: it follows the URL, and the URL follows it.
    #[js(get)]
    fn search_params<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
    ) -> Result<Value<'js>, Error<'js>> {
        if let Some(params) = &this.get(cx).params {
            return params.object.get(cx);
        }
        let record = Rc::clone(&this.get(cx).record);
        let list = List::parse(record.borrow().query.as_deref().unwrap_or_default());
        let list = Rc::new(RefCell::new(list));
        let object = UrlSearchParams::over(cx, Rc::clone(&list), Some(record))?.into_js(cx)?;
        let kept = Slot::new(cx, &object);
        this.get_mut(cx).params = Some(Params { object: kept, list });
        Ok(object)
    }

    /// The fragment with its `#`; empty when there is none.
    #[js(get)]
    fn hash(&self) -> String {
        self.record.borrow().hash()
    }

    #[js(set)]
    fn set_hash<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        value: UsvString,
    ) -> Result<(), Error<'js>> {
        change(cx, &this, |record| record.set_hash(&value.0))
    }

    /// The whole URL.
    #[js(name = "toString")]
    fn text(&self) -> String {
        self.href()
    }

    /// The whole URL, which `JSON.stringify` writes.
    #[js(name = "toJSON")]
    fn json(&self) -> String {
        self.href()
    }
}

impl Url {
    fn of<'js>(cx: &mut Cx<'js>, record: Record) -> Result<Self, Error<'js>> {
        let held = cx.charge(record.weight())?;
        Ok(Self {
            record: Rc::new(RefCell::new(record)),
            params: None,
            held,
        })
    }
}

/// The record of `url`, relative to `base` when there is one.
fn parsed(url: &Required<UsvString>, base: &Optional<UsvString>) -> Result<Record, JsError> {
    let base = match &base.0 {
        Some(UsvString(base)) => {
            Some(parser::parse(base, None).ok_or_else(|| refused("the base", base))?)
        }
        None => None,
    };
    let text = &url.0.0;
    parser::parse(text, base.as_ref()).ok_or_else(|| match base {
        None if parser::scheme(text).is_none() => JsError::type_error(format!(
            "{}\nhelp: it has no scheme; pass the URL that it is relative to as the second argument",
            refused("the text", text).message()
        ))
        .with_code("ERR_INVALID_URL"),
        _ => refused("the text", text),
    })
}

fn refused(what: &str, text: &str) -> JsError {
    let shown: String = text.chars().take(SHOWN).collect();
    let rest = if shown.len() < text.len() { "…" } else { "" };
    JsError::type_error(format!("{what} `{shown}{rest}` is not a URL")).with_code("ERR_INVALID_URL")
}

/// Changes the record.
fn change<'js>(
    cx: &mut Cx<'js>,
    this: &This<'js>,
    change: impl FnOnce(&mut Record),
) -> Result<(), Error<'js>> {
    let record = Rc::clone(&this.get(cx).record);
    change(&mut record.borrow_mut());
    let weight = record.borrow().weight();
    let held = cx.charge(weight)?;
    this.get_mut(cx).held = held;
    Ok(())
}

/// Makes the parameters those of the query, after the whole URL has changed.
fn follow<'js>(cx: &mut Cx<'js>, this: &This<'js>) {
    let url = this.get(cx);
    if let Some(params) = &url.params {
        let record = url.record.borrow();
        *params.list.borrow_mut() = List::parse(record.query.as_deref().unwrap_or_default());
    }
}
