//! What a script may do: denied unless granted, and every check gives a proof.
//!
//! [`Permissions`] are made from the grants of the spec, which are a ceiling: flags and extensions can narrow them, nothing
//! widens them. A check returns a [`Granted`], which only this module can make and which the ports that touch the world demand,
//! so a forgotten check does not compile. The boundary: this module judges; it opens, connects and reads nothing.
//!
//! A refusal is an error named `NotAllowed` with the code `ERR_NOT_ALLOWED` and the properties `permission` and `resource`. Its
//! text depends on the request and the grants alone, never on what exists there, so that a refusal tells nothing of the place.

mod flag;
mod granted;
mod host;
mod layers;
mod name;
mod path;
mod refusal;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use flag::Flag;
pub use granted::{Dom, Env, Granted, Kind, Move, Net, PathKind, Read, Remove, Sys, Write};
pub use host::Endpoint;
pub use path::Names;
pub(crate) use path::real;

use host::HostPattern;
use layers::{Layers, Origin, Refused};
use name::NamePattern;
use path::{PathEntry, Place};
use refusal::{Request, Why};

use crate::declaration::GrantsDef;
use crate::error::JsError;

/// What a script, or an extension, may do.
#[derive(Clone, Debug)]
pub struct Permissions {
    base: PathBuf,
    read: Layers<PathEntry>,
    write: Layers<PathEntry>,
    env: Layers<NamePattern>,
    net: Layers<HostPattern>,
    sys: Layers<NamePattern>,
    dom: Layers<NamePattern>,
}

impl Permissions {
    /// Nothing at all.
    pub fn none() -> Self {
        Self {
            base: path::working_dir().unwrap_or_else(|_| path::root()),
            read: Layers::nothing("read"),
            write: Layers::nothing("write"),
            env: Layers::nothing("env"),
            net: Layers::nothing("net"),
            sys: Layers::nothing("sys"),
            dom: Layers::nothing("dom"),
        }
    }

    /// What `[permissions]` grants. Relative paths are taken from the working directory, which is asked for now and once.
    pub fn from_grants(grants: &GrantsDef) -> Result<Self, JsError> {
        let relative = grants.read.iter().chain(grants.write);
        let relative = relative
            .copied()
            .find(|path| !Path::new(path).is_absolute());
        let base = match (path::working_dir(), relative) {
            (Ok(base), _) => base,
            (Err(_), None) => path::root(),
            (Err(error), Some(path)) => {
                return Err(JsError::error(format!(
                    "cannot tell the working directory, from which the grant `{path}` is taken"
                ))
                .with_cause(JsError::from_std(&error)));
            }
        };
        Self::from_grants_at(base, grants)
    }

    /// The same, with relative paths taken from `base`.
    pub fn from_grants_at(base: impl Into<PathBuf>, grants: &GrantsDef) -> Result<Self, JsError> {
        let mut made = Self::none();
        made.base = base.into();
        made.add(Origin::Spec, grants)?;
        Ok(made)
    }

    /// The same with less, as flags say. What an allowing flag names must be allowed already.
    pub fn narrow(&self, flags: &[Flag]) -> Result<Self, JsError> {
        let mut made = self.clone();
        let base = &self.base;
        made.read.narrow(flags, base)?;
        made.write.narrow(flags, base)?;
        made.env.narrow(flags, base)?;
        made.net.narrow(flags, base)?;
        made.sys.narrow(flags, base)?;
        made.dom.narrow(flags, base)?;
        Ok(made)
    }

    /// The part of it that an extension asks for. A grant that is not part of this is an error.
    pub fn subset(&self, grants: &GrantsDef) -> Result<Self, JsError> {
        let mut made = self.clone();
        made.add(Origin::Extension, grants)?;
        Ok(made)
    }

    fn add(&mut self, origin: Origin, grants: &GrantsDef) -> Result<(), JsError> {
        let base = &self.base;
        self.read.grant(origin, grants.read, base)?;
        self.write.grant(origin, grants.write, base)?;
        self.env.grant(origin, grants.env, base)?;
        self.net.grant(origin, grants.net, base)?;
        self.sys.grant(origin, grants.sys, base)?;
        self.dom.grant(origin, grants.dom, base)
    }

    /// The folder that relative paths are taken from.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The real path that `path` means, for native code: symbolic links followed, nothing judged.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        Place::resolve(&self.base, path).real
    }

    /// Whether what is at `path` may be read, symbolic links followed.
    pub fn check_read(&self, path: &Path) -> Result<Granted<Read>, JsError> {
        let place = self.judge(&self.read, &Place::resolve(&self.base, path))?;
        Ok(Granted::new(place))
    }

    /// Whether `path` itself may be read: when it is a symbolic link, the link.
    pub fn check_read_entry(&self, path: &Path) -> Result<Granted<Read>, JsError> {
        let place = self.judge(&self.read, &Place::resolve_entry(&self.base, path))?;
        Ok(Granted::new(place))
    }

    /// Whether what is at `path` may be created or changed, symbolic links followed.
    pub fn check_write(&self, path: &Path) -> Result<Granted<Write>, JsError> {
        let place = self.judge(&self.write, &Place::resolve(&self.base, path))?;
        Ok(Granted::new(place))
    }

    /// Whether `path` itself may be created or replaced: when it is a symbolic link, the link.
    pub fn check_write_entry(&self, path: &Path) -> Result<Granted<Write>, JsError> {
        let place = self.judge(&self.write, &Place::resolve_entry(&self.base, path))?;
        Ok(Granted::new(place))
    }

    /// Whether `path` itself may be removed with everything beneath it.
    pub fn check_remove(&self, path: &Path) -> Result<Granted<Remove>, JsError> {
        let place = Place::resolve_entry(&self.base, path);
        let real = self.judge(&self.write, &place)?;
        self.judge_beneath(&self.write, &place)?;
        Ok(Granted::new(real))
    }

    /// Whether `path` itself may be moved elsewhere with everything beneath it. Moving needs `read` as well: what was only
    /// writable could become readable where it goes.
    pub fn check_move(&self, path: &Path) -> Result<Granted<Move>, JsError> {
        let place = Place::resolve_entry(&self.base, path);
        let real = self.judge(&self.write, &place)?;
        self.judge(&self.read, &place)?;
        self.judge_beneath(&self.write, &place)?;
        self.judge_beneath(&self.read, &place)?;
        Ok(Granted::new(real))
    }

    /// Whether that which `K` proves may be done with `path`, which is absolute and taken as it is. No link is followed, so whoever
    /// opens it must not follow one either.
    pub fn check_plain<K: PathKind>(
        &self,
        path: &Path,
        names: Names,
    ) -> Result<Granted<K>, JsError> {
        let place = Place::plain(path, names);
        let needed = [(K::WRITES, &self.write), (K::READS, &self.read)];
        for (_, layers) in needed.iter().filter(|(needs, _)| *needs) {
            self.judge(layers, &place)?;
            if K::WHOLE {
                self.judge_beneath(layers, &place)?;
            }
        }
        Ok(Granted::new(place.real))
    }

    /// Whether the module at `path`, imported as `specifier`, may be read.
    pub fn check_import(&self, path: &Path, specifier: &str) -> Result<Granted<Read>, JsError> {
        self.check_import_from(None, path, specifier)
    }

    /// The same for a program whose modules lie in `folder`, which is real: there they need no grant, but what a flag denies is
    /// denied there as well.
    pub(crate) fn check_import_from(
        &self,
        folder: Option<&Path>,
        path: &Path,
        specifier: &str,
    ) -> Result<Granted<Read>, JsError> {
        let place = Place::resolve(&self.base, path);
        let asked = match folder {
            Some(folder) if place.real.starts_with(folder) => {
                let judged = self.read.judge_denials(&place);
                judged.map(|()| place.real.clone()).map_err(Why::from)
            }
            _ => self.ask(&self.read, &place),
        };
        match asked {
            Ok(real) => Ok(Granted::new(real)),
            Err(why) => {
                let specifier = refusal::printable(specifier);
                let request = Request::path(self.read.key(), &place, &self.base);
                Err(request.refuse_as(why, &format!("cannot import `{specifier}`: ")))
            }
        }
    }

    /// Whether the environment variable `name` may be seen.
    pub fn check_env(&self, name: &str) -> Result<Granted<Env>, JsError> {
        let asked = self.env.judge(name);
        asked.map_err(|why| Request::named("env", name).refuse(why.into()))?;
        Ok(Granted::new(name.to_owned()))
    }

    /// Whether a connection may be made.
    pub fn check_net(&self, endpoint: &Endpoint) -> Result<Granted<Net>, JsError> {
        let asked = self.net.judge(endpoint);
        asked.map_err(|why| Request::named("net", &endpoint.to_string()).refuse(why.into()))?;
        Ok(Granted::new(endpoint.clone()))
    }

    /// Whether a native function that asks for `sys:NAME` may be called.
    pub fn check_sys(&self, name: &str) -> Result<Granted<Sys>, JsError> {
        let asked = self.sys.judge(name);
        asked.map_err(|why| Request::named("sys", name).refuse(why.into()))?;
        Ok(Granted::new(name.to_owned()))
    }

    /// Whether a part of the page may be touched: `root` or `document`.
    pub fn check_dom(&self, part: &str) -> Result<Granted<Dom>, JsError> {
        let asked = self.dom.judge(part);
        asked.map_err(|why| Request::named("dom", part).refuse(why.into()))?;
        Ok(Granted::new(part.to_owned()))
    }

    fn judge(&self, layers: &Layers<PathEntry>, place: &Place) -> Result<PathBuf, JsError> {
        let asked = self.ask(layers, place);
        asked.map_err(|why| Request::path(layers.key(), place, &self.base).refuse(why))
    }

    fn ask(&self, layers: &Layers<PathEntry>, place: &Place) -> Result<PathBuf, Why> {
        match layers.judge(place) {
            Ok(()) => Ok(place.real.clone()),
            // As it was written it would have been allowed: a link is what leads out.
            Err(Refused::NotAmong(_)) if layers.judge(&place.unfollowed()).is_ok() => {
                Err(Why::Link)
            }
            Err(refused) => Err(refused.into()),
        }
    }

    /// Refuses a place in which something was denied, for what happens to all of it at once.
    fn judge_beneath(&self, layers: &Layers<PathEntry>, place: &Place) -> Result<(), JsError> {
        let mut denied = layers.denied();
        if denied.any(|entry| entry.is_beneath(place)) {
            return Err(Request::path(layers.key(), place, &self.base).refuse(Why::Beneath));
        }
        Ok(())
    }
}
