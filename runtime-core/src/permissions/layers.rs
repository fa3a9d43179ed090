//! How grants of one kind are stacked: the spec's at the bottom, above them what flags and extensions leave.
//!
//! A request must pass every layer, so a layer can only narrow. The first that refuses is the reason.

use std::borrow::Borrow;
use std::path::Path;

use super::flag::Flag;
use super::refusal;
use crate::error::JsError;
use crate::tables;

/// One entry of a list of grants, understood.
pub(super) trait Entry: Sized {
    /// What is judged by it.
    type Asked: ?Sized;

    /// Understands an entry that the table of permissions has found right.
    fn parse(text: &str, base: &Path) -> Self;

    /// Whether it speaks of `asked`. `denies`: when in doubt, a denial does.
    fn matches(&self, asked: &Self::Asked, denies: bool) -> bool;

    /// Whether all that `other` speaks of, it speaks of too.
    fn covers(&self, other: &Self) -> bool;
}

/// Who said what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// `[permissions]`
    Spec,
    /// `--allow-…`
    Flag,
    /// An extension's own list.
    Extension,
}

/// Which layer refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is not among what was allowed.
    NotAmong(Origin),
    /// A flag denied it: `--deny-` and the kind, or the option that is named.
    Denied(Option<&'static str>),
}

#[derive(Clone, Debug)]
enum Layer<E> {
    Only(Origin, Vec<E>),
    Never(Vec<E>),
    Nothing(Option<&'static str>),
}

impl<E: Entry> Layer<E> {
    /// Refuses what it denies.
    fn denies(&self, asked: &E::Asked) -> Result<(), Refused> {
        match self {
            Self::Never(entries) if entries.iter().any(|entry| entry.matches(asked, true)) => {
                Err(Refused::Denied(None))
            }
            Self::Nothing(option) => Err(Refused::Denied(*option)),
            Self::Only(..) | Self::Never(_) => Ok(()),
        }
    }
}

/// The layers of one kind of permission.
#[derive(Clone, Debug)]
pub(super) struct Layers<E> {
    key: &'static str,
    layers: Vec<Layer<E>>,
}

impl<E: Entry> Layers<E> {
    /// No layer that grants: until [`grant`](Self::grant), nothing is allowed.
    pub(super) fn nothing(key: &'static str) -> Self {
        Self {
            key,
            layers: Vec::new(),
        }
    }

    /// The key in `[permissions]`.
    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    /// Adds a list of grants. All but the spec's must be part of what the layers below allow.
    pub(super) fn grant(
        &mut self,
        origin: Origin,
        entries: &[impl Borrow<str>],
        base: &Path,
    ) -> Result<(), JsError> {
        let mut parsed = Vec::with_capacity(entries.len());
        for text in entries {
            let text = text.borrow();
            let entry = self.parse(origin, text, base)?;
            if origin != Origin::Spec && !self.covers(&entry) {
                return Err(refusal::outside(origin, self.key, text));
            }
            parsed.push(entry);
        }
        self.layers.push(Layer::Only(origin, parsed));
        Ok(())
    }

    /// Adds what the flags of this kind take away.
    pub(super) fn narrow(&mut self, flags: &[Flag], base: &Path) -> Result<(), JsError> {
        let own = |denies| {
            let key = self.key;
            flags
                .iter()
                .filter(move |flag| flag.kind == key && flag.denies == denies)
        };
        let allowed: Vec<&str> = texts(own(false)).collect();
        let is_narrowed = own(false).next().is_some();
        let denied: Vec<&str> = texts(own(true)).collect();
        let denies_all = own(true).find(|flag| flag.entries.is_empty());
        if is_narrowed {
            self.grant(Origin::Flag, &allowed, base)?;
        }
        let mut never = Vec::with_capacity(denied.len());
        for text in denied {
            never.push(self.check(text, "--deny-").map(|()| E::parse(text, base))?);
        }
        if !never.is_empty() {
            self.layers.push(Layer::Never(never));
        }
        if let Some(flag) = denies_all {
            self.layers.push(Layer::Nothing(flag.option));
        }
        Ok(())
    }

    /// Judges a request; the first layer that refuses it is the reason.
    pub(super) fn judge(&self, asked: &E::Asked) -> Result<(), Refused> {
        if self.layers.is_empty() {
            return Err(Refused::NotAmong(Origin::Spec));
        }
        self.layers.iter().try_for_each(|layer| match layer {
            Layer::Only(origin, entries) => {
                let granted = entries.iter().any(|entry| entry.matches(asked, false));
                granted.then_some(()).ok_or(Refused::NotAmong(*origin))
            }
            Layer::Never(_) | Layer::Nothing(_) => layer.denies(asked),
        })
    }

    /// Judges a request that needs no grant: only what a flag denies is refused.
    pub(super) fn judge_denials(&self, asked: &E::Asked) -> Result<(), Refused> {
        self.layers.iter().try_for_each(|layer| layer.denies(asked))
    }

    /// What flags have denied.
    pub(super) fn denied(&self) -> impl Iterator<Item = &E> {
        self.layers.iter().flat_map(|layer| match layer {
            Layer::Never(entries) => entries.as_slice(),
            Layer::Only(..) | Layer::Nothing(_) => &[],
        })
    }

    /// Whether everything that `entry` speaks of is granted. Denials are not asked: they hold whatever is granted.
    fn covers(&self, entry: &E) -> bool {
        !self.layers.is_empty()
            && self.layers.iter().all(|layer| match layer {
                Layer::Only(_, entries) => entries.iter().any(|wider| wider.covers(entry)),
                Layer::Never(_) | Layer::Nothing(_) => true,
            })
    }

    fn parse(&self, origin: Origin, text: &str, base: &Path) -> Result<E, JsError> {
        let place = match origin {
            Origin::Flag => "--allow-",
            Origin::Spec | Origin::Extension => "",
        };
        self.check(text, place).map(|()| E::parse(text, base))
    }

    /// Judges the text of an entry exactly as the build judged the spec.
    fn check(&self, text: &str, flag: &str) -> Result<(), JsError> {
        let Some(row) = tables::permission(self.key) else {
            unreachable!("every kind of permission is a row of the table");
        };
        (row.check)(text).map_err(|mistake| refusal::malformed(flag, self.key, text, &mistake))
    }
}

fn texts<'f>(flags: impl Iterator<Item = &'f Flag>) -> impl Iterator<Item = &'f str> {
    flags.flat_map(|flag| flag.entries.iter().map(String::as_str))
}
