//! Where declarations stand, and how types read there: by plain name, through a namespace or an import. A scope collects
//! the interfaces and unions that its signatures mention and declares each once, as met.

use std::collections::BTreeSet;

use super::text::{doc, indented, property, quoted};
use crate::definition::{ModuleDef, Surface};
use crate::ts::{FieldDecl, Ts, TypeBody, TypeDecl};

/// A place that holds declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The top level.
    Global,
    /// The block of a module, by its specifier.
    Module(&'static str),
    /// The block of a namespace, by its name.
    Namespace(&'static str),
}

/// The types that one place knows.
pub(super) struct Scope<'a> {
    pub(super) place: Place,
    modules: &'a [ModuleDef],
    imports: BTreeSet<String>,
    /// The printed name of each declared type that was met, and its text once it is rendered.
    met: Vec<(&'static TypeDecl, String, String)>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(place: Place, modules: &'a [ModuleDef]) -> Self {
        Self {
            place,
            modules,
            imports: BTreeSet::new(),
            met: Vec::new(),
        }
    }

    /// What stands before each declaration.
    pub(super) fn keyword(&self) -> &'static str {
        match self.place {
            Place::Global => "declare ",
            Place::Module(_) | Place::Namespace(_) => "export ",
        }
    }

    /// The imports that the declarations need.
    pub(super) fn imports(&self) -> String {
        self.imports.iter().map(String::as_str).collect()
    }

    /// The declared types that were met.
    pub(super) fn declared(&self) -> String {
        self.met.iter().map(|(_, _, text)| text.as_str()).collect()
    }

    /// A type as it reads here.
    pub(super) fn ty(&mut self, ts: &Ts) -> String {
        match *ts {
            Ts::Name(name) => self.named(name),
            Ts::Array(item) => format!("{}[]", self.operand(item)),
            Ts::Optional(ty) => format!("{} | undefined", self.member(ty)),
            Ts::Nullable(ty) => format!("{} | null", self.member(ty)),
            Ts::Promise(ty) => format!("Promise<{}>", self.ty(ty)),
            Ts::Record(ty) => format!("Record<string, {}>", self.ty(ty)),
            Ts::Generic(name, of) => format!("{}<{}>", self.named(name), self.list(of)),
            Ts::Tuple(items) => format!("[{}]", self.list(items)),
            Ts::Union([]) => "never".to_owned(),
            Ts::Union(members) => {
                let members: Vec<String> = members.iter().map(|ty| self.member(ty)).collect();
                members.join(" | ")
            }
            Ts::Function(params, returns) => {
                let params = params.iter().enumerate();
                let params: Vec<String> = params
                    .map(|(index, ty)| format!("arg{index}: {}", self.ty(ty)))
                    .collect();
                format!("({}) => {}", params.join(", "), self.ty(returns))
            }
            Ts::Declared(decl) => self.declare(decl()),
        }
    }

    fn list(&mut self, types: &[Ts]) -> String {
        let types: Vec<String> = types.iter().map(|ty| self.ty(ty)).collect();
        types.join(", ")
    }

    /// A type before `[]`.
    fn operand(&mut self, ts: &Ts) -> String {
        let text = self.ty(ts);
        match ts {
            Ts::Optional(_) | Ts::Nullable(_) | Ts::Union(_) | Ts::Function(..) => {
                format!("({text})")
            }
            _ => text,
        }
    }

    /// A type as one member of a union.
    fn member(&mut self, ts: &Ts) -> String {
        let text = self.ty(ts);
        match ts {
            Ts::Function(..) => format!("({text})"),
            _ => text,
        }
    }

    /// A name: of a class of some module of the runtime, or of a type that TypeScript itself knows.
    fn named(&self, name: &str) -> String {
        match self.home(name) {
            Some(Place::Namespace(namespace)) if self.place != Place::Namespace(namespace) => {
                format!("{namespace}.{name}")
            }
            Some(Place::Module(specifier)) if self.place != Place::Module(specifier) => {
                format!("import({}).{name}", quoted(specifier))
            }
            _ => name.to_owned(),
        }
    }

    /// The class after `extends`, where no import can stand.
    pub(super) fn parent_class(&mut self, name: &str) -> String {
        match self.home(name) {
            Some(Place::Module(specifier)) if self.place != Place::Module(specifier) => {
                let from = quoted(specifier);
                self.imports
                    .insert(format!("import {{ {name} }} from {from};\n"));
                name.to_owned()
            }
            _ => self.named(name),
        }
    }

    /// Where the class `name` is declared; here, when it is declared here too.
    fn home(&self, name: &str) -> Option<Place> {
        let with = |module: &&ModuleDef| module.classes.iter().any(|class| class.name == name);
        let places = self
            .modules
            .iter()
            .filter(with)
            .map(|module| match module.surface {
                Surface::Import => Place::Module(module.specifier),
                Surface::Globals => Place::Global,
                Surface::Namespace(namespace) => Place::Namespace(namespace),
            });
        let places: Vec<Place> = places.collect();
        let here = places.contains(&self.place).then_some(self.place);
        here.or_else(|| places.first().copied())
    }

    /// The name under which `decl` stands here. It is declared when it is first met; another type of the same name gets a
    /// number.
    fn declare(&mut self, decl: &'static TypeDecl) -> String {
        if let Some((_, name, _)) = self.met.iter().find(|(known, ..)| same(known, decl)) {
            return name.clone();
        }
        let namesakes = self
            .met
            .iter()
            .filter(|(known, ..)| known.name == decl.name);
        let name = match namesakes.count() {
            0 => decl.name.to_owned(),
            more => format!("{}{}", decl.name, more + 1),
        };
        // Known by its name before its body is rendered: a type may contain itself.
        let row = self.met.len();
        self.met.push((decl, name.clone(), String::new()));
        let body = self.body(&name, &decl.body);
        self.met[row].2 = format!("{}{}{body}", doc(&[decl.doc]), self.keyword());
        name
    }

    fn body(&mut self, name: &str, body: &TypeBody) -> String {
        match body {
            TypeBody::Interface(fields) => {
                let fields: String = fields.iter().map(|field| self.field(field)).collect();
                format!("interface {name} {{\n{}}}\n", indented(&fields))
            }
            TypeBody::Literals([]) | TypeBody::Variants(_, []) => format!("type {name} = never;\n"),
            TypeBody::Literals(literals) => {
                let literals: Vec<String> = literals.iter().map(|text| quoted(text)).collect();
                format!("type {name} = {};\n", literals.join(" | "))
            }
            TypeBody::Variants(tag, variants) => {
                let print = |variant: &crate::ts::VariantDecl| {
                    let tag = format!("{}: {};\n", property(tag), quoted(variant.tag));
                    let fields: String = variant.fields.iter().map(|f| self.field(f)).collect();
                    let members = indented(&(tag + &fields));
                    indented(&format!("{}| {{\n{members}}}\n", doc(&[variant.doc])))
                };
                let variants: String = variants.iter().map(print).collect();
                format!("type {name} =\n{};\n", variants.trim_end())
            }
            TypeBody::Alias(ts) => format!("type {name} = {};\n", self.ty(ts)),
        }
    }

    fn field(&mut self, field: &FieldDecl) -> String {
        let (comment, name) = (doc(&[field.doc]), property(field.name));
        match (field.ty, field.optional) {
            (Ts::Optional(ty), true) => format!("{comment}{name}?: {};\n", self.ty(ty)),
            (ty, true) => format!("{comment}{name}?: {};\n", self.ty(&ty)),
            (ty, false) => format!("{comment}{name}: {};\n", self.ty(&ty)),
        }
    }
}

/// Whether two declarations are of one type. Addresses do not tell: a constant may have several.
fn same(a: &TypeDecl, b: &TypeDecl) -> bool {
    let names = |decl: &TypeDecl| -> Vec<&'static str> {
        match decl.body {
            TypeBody::Interface(fields) => fields.iter().map(|field| field.name).collect(),
            TypeBody::Literals(literals) => literals.to_vec(),
            TypeBody::Variants(_, variants) => variants.iter().map(|variant| variant.tag).collect(),
            TypeBody::Alias(_) => Vec::new(),
        }
    };
    a.name == b.name && a.doc == b.doc && names(a) == names(b)
}
