//! `info`: what a runtime contains and may do, for people and for programs.

use super::Isolation;
use crate::definition::{MountSource, RuntimeDef, Surface};
use crate::engine::ENGINE;

pub(super) fn text(def: &RuntimeDef, isolation: Isolation) -> String {
    let (engine, version) = ENGINE;
    let mut text = format!("{} {}\n", def.name, def.version);
    if !def.description.is_empty() {
        text.push_str(&format!("{}\n", def.description));
    }
    text.push_str(&format!("\nengine       {engine} {version}\n"));
    for (at, module) in def.modules.iter().enumerate() {
        let label = if at == 0 { "modules" } else { "" };
        let seen = match module.surface {
            Surface::Import if module.globals.is_empty() => {
                format!("import … from \"{}\"", module.specifier)
            }
            Surface::Import => format!(
                "{}; also from \"{}\"",
                module.globals.join(", "),
                module.specifier
            ),
            Surface::Globals => "global functions".to_owned(),
            Surface::Namespace(name) => format!("global `{name}`"),
        };
        text.push_str(&format!("{label:<12} {:<12} {seen}\n", module.name));
    }
    text.push_str(
        "import.meta  url, main, filename, dirname; args in the module that is started\n",
    );
    let mut label = "permissions";
    for (kind, grants) in grants(def) {
        if !grants.is_empty() {
            text.push_str(&format!("{label:<12} {kind:<12} {}\n", grants.join(", ")));
            label = "";
        }
    }
    if label == "permissions" {
        text.push_str("permissions  none\n");
    }
    let mut label = "mounts";
    for mount in def.mounts {
        let mode = if mount.writable { "rw" } else { "ro" };
        let from = source(&mount.from);
        text.push_str(&format!("{label:<12} {:<12} {from}, {mode}\n", mount.at));
        label = "";
    }
    let mut label = "limits";
    for (key, value) in def.limits.said() {
        text.push_str(&format!("{label:<12} {key:<16} {value}\n"));
        label = "";
    }
    text.push_str(&format!("isolation    {}\n", isolation.word()));
    text
}

/// Where a mount comes from, as a spec writes it. A folder that ships in the program has no path any more.
fn source(from: &MountSource) -> String {
    match from {
        MountSource::Host(folder) => format!("host:{folder}"),
        MountSource::Memory { .. } => "memory".to_owned(),
        MountSource::Embed(_) => "embed".to_owned(),
        MountSource::OverHost { folder, .. } => format!("overlay:host:{folder}"),
        MountSource::OverEmbed { .. } => "overlay:embed".to_owned(),
    }
}

pub(super) fn json(def: &RuntimeDef, isolation: Isolation) -> String {
    let (engine, version) = ENGINE;
    let modules: Vec<String> = def
        .modules
        .iter()
        .map(|module| {
            format!(
                "{{\"name\":{},\"specifier\":{}}}",
                quote(module.name),
                quote(module.specifier)
            )
        })
        .collect();
    let permissions: Vec<String> = grants(def)
        .iter()
        .map(|(kind, grants)| {
            let grants: Vec<String> = grants.iter().map(|grant| quote(grant)).collect();
            format!("{}:[{}]", quote(kind), grants.join(","))
        })
        .collect();
    let mounts: Vec<String> = def
        .mounts
        .iter()
        .map(|mount| {
            format!(
                "{{\"at\":{},\"from\":{},\"writable\":{}}}",
                quote(mount.at),
                quote(&source(&mount.from)),
                mount.writable
            )
        })
        .collect();
    let limits: Vec<String> = def
        .limits
        .said()
        .iter()
        .map(|(key, value)| format!("{}:{}", quote(key), quote(value)))
        .collect();
    format!(
        "{{\"name\":{},\"version\":{},\"description\":{},\"engine\":{{\"kind\":{},\"version\":{}}},\"modules\":[{}],\"permissions\":{{{}}},\"mounts\":[{}],\"limits\":{{{}}},\"isolation\":{}}}\n",
        quote(def.name),
        quote(def.version),
        quote(def.description),
        quote(engine),
        quote(version),
        modules.join(","),
        permissions.join(","),
        mounts.join(","),
        limits.join(","),
        quote(isolation.word()),
    )
}

/// What the runtime was built with, by the kind of permission.
pub(super) fn grants(def: &RuntimeDef) -> [(&'static str, &'static [&'static str]); 6] {
    let grants = &def.permissions;
    [
        ("read", grants.read),
        ("write", grants.write),
        ("env", grants.env),
        ("net", grants.net),
        ("sys", grants.sys),
        ("dom", grants.dom),
    ]
}

/// A JSON string.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if u32::from(c) < 0x20 => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn a_json_string_escapes_what_must_be() {
        assert_eq!(quote("a\"b\\c\nd\u{1}é"), r#""a\"b\\c\nd\u0001é""#);
    }
}
