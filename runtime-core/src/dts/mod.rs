//! TypeScript declarations, rendered from the tables that were compiled in. Nothing here runs JavaScript.
//!
//! An imported module is a `declare module "…"` block, a global one stands at the top level, a namespace is a
//! `declare namespace`. What a module's `setup` adds is declared by the text that the module brings along, written
//! with `export` and put into the block that fits.

mod scope;
mod text;

#[cfg(test)]
mod tests;

use crate::definition::{
    AccessorDef, ClassDef, FnDecl, FnDef, ModuleDef, ParamDecl, RuntimeDef, Surface,
};
use crate::ts::Ts;
use scope::{Place, Scope};
use text::{doc, indented, is_declarable, parameter, property, quoted};

/// What every module knows of itself.
const IMPORT_META: &str = "\
interface ImportMeta {
  /** The URL of this module. */
  url: string;
  /** Whether this module is the one that was started. */
  main: boolean;
  /** The path of this module, when it is a file. */
  filename?: string;
  /** The path of the folder that this module is in, when it is a file. */
  dirname?: string;
  /** The arguments of the script, in the module that was started. */
  args?: string[];
}
";

/// The declarations of a whole runtime.
pub(crate) fn runtime(def: &RuntimeDef) -> String {
    let mut blocks = vec![format!(
        "// What the scripts of {} {} can use. Generated from the functions that it is built of.\n",
        def.name, def.version
    )];
    blocks.push(IMPORT_META.to_owned());
    let mut globals = Scope::new(Place::Global, def.modules);
    for module in def.modules {
        let (place, head) = match module.surface {
            Surface::Globals => {
                blocks.push(members(&mut globals, module));
                continue;
            }
            Surface::Import => {
                let global = |function: &&FnDef| module.globals.contains(&function.decl.name);
                let items = module.functions.iter().filter(global);
                let items: Vec<String> = items
                    .map(|function| function_item(&mut globals, function.decl))
                    .collect();
                let specifier = module.specifier;
                let classes = module.classes.iter().map(|class| class.name);
                let classes = classes.filter(|name| module.globals.contains(name));
                let classes: Vec<String> =
                    classes.map(|name| global_class(name, specifier)).collect();
                blocks.push(items.concat() + &classes.concat());
                let head = format!("declare module {}", quoted(specifier));
                (Place::Module(specifier), head)
            }
            Surface::Namespace(name) => {
                (Place::Namespace(name), format!("declare namespace {name}"))
            }
        };
        let mut scope = Scope::new(place, def.modules);
        let members = members(&mut scope, module);
        let body = indented(&(scope.imports() + &members + &scope.declared()));
        blocks.push(format!("{}{head} {{\n{body}}}\n", doc(&[module.doc])));
    }
    blocks.push(globals.declared());
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

/// What a module declares, one item after another.
fn members(scope: &mut Scope<'_>, module: &ModuleDef) -> String {
    let mut text = String::new();
    for function in module.functions {
        text.push_str(&function_item(scope, function.decl));
    }
    for class in module.classes {
        text.push_str(&class_item(scope, class));
    }
    let keyword = scope.keyword();
    for line in module.types.lines() {
        match line.strip_prefix("export ") {
            Some(rest) => text.extend([keyword, rest, "\n"]),
            None => text.extend([line, "\n"]),
        }
    }
    for name in module.more {
        if !mentions(module.types, name) {
            text.push_str(&format!("{keyword}const {name}: any;\n"));
        }
    }
    text
}

/// Whether `text` has `name` as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .any(|word| word == name)
}

fn function_item(scope: &mut Scope<'_>, decl: &FnDecl) -> String {
    let comment = function_doc(decl);
    let call = format!("{};\n", signature(scope, decl));
    let (name, keyword) = (decl.name, scope.keyword());
    if is_declarable(name) {
        return format!("{comment}{keyword}function {name}{call}");
    }
    match scope.place {
        // A module can export under any name what it declares under another.
        Place::Module(_) => {
            let (own, outer) = (parameter(name), property(name));
            format!("{comment}function {own}{call}export {{ {own} as {outer} }};\n")
        }
        Place::Global | Place::Namespace(_) => {
            format!("// `{name}` exists, but TypeScript cannot declare that name here.\n")
        }
    }
}

fn class_item(scope: &mut Scope<'_>, class: &ClassDef) -> String {
    let (name, keyword) = (class.name, scope.keyword());
    let extends = match class.parent {
        Some(parent) => format!(" extends {}", scope.parent_class(parent.name)),
        None => String::new(),
    };
    let mut body = match class.constructor {
        Some(constructor) => {
            let parameters = parameters(scope, constructor.decl.params);
            let comment = function_doc(constructor.decl);
            format!("{comment}constructor({parameters});\n")
        }
        // Protected rather than private, so that a class which extends it can be declared.
        None => "protected constructor();\n".to_owned(),
    };
    for (modifier, methods) in [("static ", class.statics), ("", class.methods)] {
        for method in methods {
            let (comment, name) = (function_doc(method.decl), property(method.decl.name));
            let call = signature(scope, method.decl);
            body.push_str(&format!("{comment}{modifier}{name}{call};\n"));
        }
    }
    for constant in class.constants {
        let (comment, name) = (doc(&[constant.doc]), property(constant.name));
        let value = constant.value;
        body.push_str(&format!("{comment}static readonly {name}: {value};\n"));
        body.push_str(&format!("{comment}readonly {name}: {value};\n"));
    }
    for accessor in class.accessors {
        body.push_str(&accessor_members(scope, accessor));
    }
    if let Some(iterator) = class.iterator {
        let item = scope.ty(&iterator.item);
        let (symbol, iterable) = match iterator.is_async {
            true => ("asyncIterator", "AsyncIterableIterator"),
            false => ("iterator", "IterableIterator"),
        };
        if let Some(alias) = iterator.alias {
            let (comment, name) = (function_doc(iterator.function.decl), property(alias));
            body.push_str(&format!("{comment}{name}(): {iterable}<{item}>;\n"));
        }
        body.push_str(&format!("[Symbol.{symbol}](): {iterable}<{item}>;\n"));
    }
    let comment = doc(&[class.doc]);
    format!(
        "{comment}{keyword}class {name}{extends} {{\n{}}}\n",
        indented(&body)
    )
}

/// The class `name` of a module as a global: the very class, and the type of its instances.
fn global_class(name: &str, specifier: &str) -> String {
    let home = format!("import({}).{name}", quoted(specifier));
    format!("declare const {name}: typeof {home};\ndeclare type {name} = {home};\n")
}

fn accessor_members(scope: &mut Scope<'_>, accessor: &AccessorDef) -> String {
    let modifier = if accessor.is_static { "static " } else { "" };
    let name = property(accessor.name);
    let mut text = String::new();
    if let Some(get) = accessor.get {
        let (comment, ty) = (function_doc(get.decl), scope.ty(&get.decl.returns));
        text.push_str(&format!("{comment}{modifier}get {name}(): {ty};\n"));
    }
    if let Some(set) = accessor.set {
        let comment = function_doc(set.decl);
        let ty = set.decl.params.first();
        let ty = ty.map_or_else(|| "unknown".to_owned(), |param| scope.ty(&param.ty));
        text.push_str(&format!("{comment}{modifier}set {name}(value: {ty});\n"));
    }
    text
}

fn signature(scope: &mut Scope<'_>, decl: &FnDecl) -> String {
    let parameters = parameters(scope, decl.params);
    let returns = scope.ty(&decl.returns);
    match decl.is_async {
        true => format!("({parameters}): Promise<{returns}>"),
        false => format!("({parameters}): {returns}"),
    }
}

fn parameters(scope: &mut Scope<'_>, params: &[ParamDecl]) -> String {
    // Only those that may be left out together with all that follow them have a question mark; TypeScript refuses others.
    let required = params
        .iter()
        .rposition(|param| !param.optional && !param.rest);
    let required = required.map_or(0, |last| last + 1);
    let print = |(index, param): (usize, &ParamDecl)| {
        let name = parameter(param.name);
        match (param.ty, param.rest, param.optional && index >= required) {
            (ty, true, _) => format!("...{name}: {}", scope.ty(&ty)),
            (Ts::Optional(ty), _, true) => format!("{name}?: {}", scope.ty(ty)),
            (ty, _, true) => format!("{name}?: {}", scope.ty(&ty)),
            (ty, _, false) => format!("{name}: {}", scope.ty(&ty)),
        }
    };
    let printed: Vec<String> = params.iter().enumerate().map(print).collect();
    printed.join(", ")
}

fn function_doc(decl: &FnDecl) -> String {
    match decl.permission {
        Some(permission) => doc(&[decl.doc, &format!("Needs the permission `{permission}`.")]),
        None => doc(&[decl.doc]),
    }
}
