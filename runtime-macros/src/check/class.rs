//! Rules of classes: what each role of a member asks for.

use syn::Type;

use super::{distinct, function, name};
use crate::model::{Class, Function, Member, Members, Receiver, Role};
use crate::parse::types::{arguments, impl_item, is_called, written};
use crate::report::Report;

/// Checks the struct.
pub(crate) fn class(class: &Class, report: &mut Report) {
    name(&class.name, report);
    if let (Some(error), Some(_)) = (&class.error, &class.base) {
        report.help(
            error,
            "a class that extends another is an error when that is one",
            "put `error` on the class that extends nothing",
        );
    }
}

/// Checks the members.
pub(crate) fn members(members: &Members, report: &mut Report) {
    for member in &members.all {
        function(&member.function, Some(member.role), report);
        role(member, report);
    }
    for constant in &members.constants {
        name(&constant.name, report);
    }
    for (role, what) in [
        (Role::Constructor, "constructor"),
        (Role::Iterator, "iterator"),
        (Role::Next, "`next`"),
    ] {
        for extra in members.of(role).skip(1) {
            report.error(&extra.ident, format_args!("a class has one {what}"));
        }
    }
    if let (Some(_), Some(next)) = (
        members.of(Role::Iterator).next(),
        members.of(Role::Next).next(),
    ) {
        report.help(
            &next.ident,
            "a class has an iterator or is one",
            "remove `#[js(next)]` or `#[js(iterator)]`",
        );
    }
    names(members, report);
}

/// Members of one holder have names of their own; a getter and a setter share theirs.
fn names(members: &Members, report: &mut Report) {
    for on_class in [false, true] {
        let holder = if on_class {
            "the class"
        } else {
            "the prototype"
        };
        let here = |member: &&Member| member.is_static() == on_class;
        let mut all: Vec<_> = members.all.iter().filter(here).collect();
        all.retain(|member| {
            !matches!(member.role, Role::Constructor | Role::Iterator) || member.alias.is_some()
        });
        for skipped in [Role::Set, Role::Get] {
            let kept = all.iter().filter(|member| member.role != skipped);
            let mut twice = Report::default();
            let constants = members.constants.iter();
            distinct(
                kept.map(|member| (&member.function.name, !member.function.cfgs.is_empty()))
                    .chain(constants.map(|constant| (&constant.name, false))),
                holder,
                &mut twice,
            );
            if !twice.is_empty() {
                report.absorb(twice);
                break;
            }
        }
    }
}

fn role(member: &Member, report: &mut Report) {
    let function = &member.function;
    let ident = &function.ident;
    if !matches!(member.role, Role::Method | Role::Static)
        && let Some(cfg) = function.cfgs.first()
    {
        report.help(
            cfg,
            "only methods and static functions can stand under a `#[cfg]`",
            "put it inside of the body",
        );
    }
    if function.receiver == Some(Receiver::Owned) && function.asyncness.is_none() {
        report.help(
            ident,
            "a method cannot take `self` out of its object",
            "take `&self` or `&mut self`",
        );
    }
    match member.role {
        Role::Constructor => constructor(function, report),
        Role::Get => {
            if let Some((_, param)) = function.arguments().next() {
                report.error(&param.written, "a getter takes no argument");
            }
            if function.output.ty.is_none() {
                report.help(ident, "a getter returns something", "add `-> T`");
            }
        }
        Role::Set => {
            let count = function.arguments().count();
            if count != 1 {
                report.error(
                    ident,
                    format_args!("a setter takes one argument, the value; `{ident}` takes {count}"),
                );
            }
        }
        Role::Iterator => iterator(function, report),
        Role::Next => next(function, report),
        Role::Method | Role::Static => {}
    }
    if !matches!(member.role, Role::Method | Role::Static | Role::Next)
        && function.asyncness.is_some()
    {
        report.help(
            ident,
            "a constructor, getter, setter or iterator cannot be async",
            "make it a method, or a static function",
        );
    }
}

fn constructor(function: &Function, report: &mut Report) {
    if function.receiver.is_some() {
        report.help(
            &function.ident,
            "a constructor has no `self`: it makes one",
            "remove `self`, and return `Self` or `Result<Self, E>`",
        );
    }
    if function.output.ty.is_none() {
        report.help(
            &function.ident,
            "a constructor returns what it makes",
            "return `Self` or `Result<Self, E>`",
        );
    }
}

fn iterator(function: &Function, report: &mut Report) {
    if function.receiver.is_none() {
        report.help(
            &function.ident,
            "an iterator goes through an object",
            "take `&self`",
        );
    }
    if let Some((_, param)) = function.arguments().next() {
        report.error(&param.written, "a `for` loop gives no arguments");
    }
    let Some(ty) = &function.output.ty else {
        return report.help(
            &function.ident,
            "an iterator returns what to go through",
            "return `Vec<T>` or `impl Iterator<Item = T> + use<>`",
        );
    };
    if impl_item(ty).is_some() && !written(ty).contains("use<>") {
        report.help(
            ty,
            "the iterator outlives the call, so it cannot borrow from `self`",
            format_args!(
                "clone what it goes through, and return `{} + use<>`",
                written(ty)
            ),
        );
    }
}

fn next(function: &Function, report: &mut Report) {
    if function.receiver.is_none() {
        report.help(
            &function.ident,
            "`next` is a method",
            "take `&mut self`, or `self` when it is async",
        );
    }
    if let Some((_, param)) = function.arguments().next() {
        report.error(&param.written, "a `for` loop gives no arguments");
    }
    let is_option = |ty: &Type| is_called(ty, "Option");
    let right = function.output.ty.as_ref().is_some_and(|ty| {
        is_option(ty)
            || (function.output.fallible && arguments(ty).first().is_some_and(|ty| is_option(ty)))
    });
    if !right {
        let message = "`next` returns `Option<T>` or `Result<Option<T>, E>`: `None` ends the loop";
        match &function.output.ty {
            Some(ty) => report.error(ty, message),
            None => report.error(&function.ident, message),
        }
    }
}
