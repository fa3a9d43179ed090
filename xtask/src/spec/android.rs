//! What `[targets.android]` means: the ABIs, the oldest system, the package, and what is made.
//!
//! The boundary: names and numbers. What compiles for an ABI is found by `drive`.

use super::raw::{Setting, Value};
use super::{Abi, Artifact, Said};
use crate::diagnostics::{Diagnostic, did_you_mean};

/// The oldest system that is supported, which is what the standard library's tool chains take for granted.
pub const OLDEST_SDK: u32 = 23;

/// The newest API level that can be meant: a larger number is a slip, as `230` for `23`.
const NEWEST_SDK: u32 = 99;

/// Every ABI.
pub const ABIS: &[Abi] = &[Abi::Arm64V8a, Abi::ArmeabiV7a, Abi::X86_64, Abi::X86];

const ARTIFACTS: &[Artifact] = &[Artifact::So, Artifact::Aar, Artifact::Bin];

impl Abi {
    /// The platform as rustc names it.
    pub fn triple(self) -> &'static str {
        match self {
            Self::Arm64V8a => "aarch64-linux-android",
            Self::ArmeabiV7a => "armv7-linux-androideabi",
            Self::X86_64 => "x86_64-linux-android",
            Self::X86 => "i686-linux-android",
        }
    }

    /// The platform as the programs of the NDK name it.
    pub fn clang_triple(self) -> &'static str {
        match self {
            Self::ArmeabiV7a => "armv7a-linux-androideabi",
            other => other.triple(),
        }
    }
}

/// The ABIs that were said, each once; without any, that of today's phones.
pub fn abis(setting: Option<&Setting>, out: &mut Vec<Diagnostic>) -> Vec<Said<Abi>> {
    let words: Vec<&str> = ABIS.iter().map(|abi| abi.word()).collect();
    let Some(setting) = setting else {
        return vec![Said::default(Abi::Arm64V8a)];
    };
    choose(
        setting,
        "ABI",
        &words,
        Abi::from_word,
        |word| {
            // What others call it.
            let abi = ABIS.iter().find(|abi| {
                [abi.triple(), abi.clang_triple()].contains(&word)
                    || abi.triple().split('-').next() == Some(word)
            });
            let abi = abi.or(match word {
                "arm64" | "armv8" => Some(&Abi::Arm64V8a),
                "arm" | "armv7" | "armeabi" => Some(&Abi::ArmeabiV7a),
                "amd64" | "x64" => Some(&Abi::X86_64),
                "i386" => Some(&Abi::X86),
                _ => None,
            });
            abi.map(|abi| abi.word())
        },
        out,
    )
}

/// What is made; without a word, the libraries and the AAR.
pub fn artifacts(setting: Option<&Setting>, out: &mut Vec<Diagnostic>) -> Vec<Said<Artifact>> {
    let words: Vec<&str> = ARTIFACTS.iter().map(|artifact| artifact.word()).collect();
    let Some(setting) = setting else {
        let all = [Artifact::So, Artifact::Aar];
        return all.into_iter().map(Said::default).collect();
    };
    choose(
        setting,
        "artifact",
        &words,
        Artifact::from_word,
        |word| match word {
            "apk" | "jar" => Some("aar"),
            "lib" | "jniLibs" => Some("so"),
            "exe" | "binary" => Some("bin"),
            _ => None,
        },
        out,
    )
}

/// The words of a list that are known, each once. `means` gives the word for what others call it.
fn choose<T: Copy + PartialEq>(
    setting: &Setting,
    what: &str,
    words: &[&str],
    from_word: impl Fn(&str) -> Option<T>,
    means: impl Fn(&str) -> Option<&'static str>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Said<T>> {
    let mut chosen: Vec<Said<T>> = Vec::new();
    for item in setting.value.items() {
        let word = item.as_str().unwrap_or_default();
        match from_word(word) {
            Some(value) if chosen.iter().any(|said| said.value == value) => out.push(
                Diagnostic::warning(format!("the {what} `{word}` is listed twice"))
                    .at(&item.span, "again")
                    .help("take one of them out"),
            ),
            Some(value) => chosen.push(Said::here(value, &item.span)),
            None => out.push(
                Diagnostic::error(format!("unknown {what} `{word}`"))
                    .at(&item.span, format!("Android has no such {what}"))
                    .help(match means(word) {
                        Some(word) => format!("did you mean `{word}`?"),
                        None => did_you_mean(word, &format!("{what}s"), words),
                    }),
            ),
        }
    }
    if setting.value.items().is_empty() {
        out.push(
            Diagnostic::error(format!("`{}` is empty", setting.path))
                .at(&setting.value.span, "nothing would be built")
                .help(format!("write `[\"{}\"]`", words[0])),
        );
    }
    chosen
}

/// The API level of the oldest system.
pub fn min_sdk(setting: Option<&Setting>, out: &mut Vec<Diagnostic>) -> Said<u32> {
    let Some(setting) = setting else {
        return Said::default(OLDEST_SDK);
    };
    let level = match &setting.value.value {
        Value::Integer(level) => u32::try_from(*level).unwrap_or(u32::MAX),
        _ => return Said::default(OLDEST_SDK),
    };
    let wrong = match level {
        ..OLDEST_SDK => Some((
            format!("`min-sdk = {level}` is not supported"),
            "an older system than any that can be built for",
        )),
        OLDEST_SDK..=NEWEST_SDK => None,
        _ => Some((
            format!("`min-sdk = {level}` is not a known API level"),
            "there is none so high",
        )),
    };
    if let Some((what, label)) = wrong {
        out.push(Diagnostic::error(what).at(&setting.value.span, label).help(
            format!("write {OLDEST_SDK} (Android 6) or the level of the oldest system that your app supports"),
        ));
    }
    Said::here(level, &setting.value.span)
}

/// The name of the package, judged as Gradle judges a namespace.
pub fn package(setting: Option<&Setting>, out: &mut Vec<Diagnostic>) -> Option<Said<String>> {
    let setting = setting?;
    let name = setting.value.as_str()?;
    let wrong = wrong_part(name).map(|(part, why)| match part {
        "" => why.to_owned(),
        part => format!("`{part}` {why}"),
    });
    let Some(why) = wrong else {
        return Some(Said::here(name.to_owned(), &setting.value.span));
    };
    out.push(
        Diagnostic::error(format!("`{name}` is not a valid package name"))
            .at(&setting.value.span, why)
            .help("two names or more with dots between them, each a letter and then letters, digits or `_`: `com.acme.js`"),
    );
    None
}

/// The first part of a package's name that Java or Android refuses, and why.
fn wrong_part(name: &str) -> Option<(&str, &'static str)> {
    if !name.contains('.') {
        return Some(("", "it has no dot, and Android wants one"));
    }
    for part in name.split('.') {
        if part.is_empty() {
            return Some(("", "there is nothing between two dots, or at an end"));
        }
        if !part.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Some((part, "does not begin with a letter"));
        }
        if !part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Some((part, "has a character that Java does not take"));
        }
        if JAVAS_OWN.contains(&part) {
            return Some((part, "is a keyword of Java"));
        }
    }
    ["java.", "javax.", "android.", "androidx."]
        .into_iter()
        .find(|own| name.starts_with(own))
        .map(|own| (own.trim_end_matches('.'), "is the system's own"))
}

/// Words that no part of a package may be.
const JAVAS_OWN: &[&str] = &[
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_as_java_and_android_take_it() {
        let check = |name: &str, wrong: Option<&str>| {
            assert_eq!(wrong_part(name).map(|(part, _)| part), wrong, "{name}");
        };
        check("com.acme.js", None);
        check("a.b_2", None);
        check("acme", Some(""));
        check("", Some(""));
        check("com..js", Some(""));
        check("com.acme.", Some(""));
        check("com.2acme", Some("2acme"));
        check("com.acme-js", Some("acme-js"));
        check("com.new.js", Some("new"));
        check("com.äcme", Some("äcme"));
        check("android.app", Some("android"));
        check("java.lang", Some("java"));
    }

    #[test]
    fn every_abi_has_a_triple_that_rustc_knows() {
        let known = include_str!("triples.txt");
        for abi in ABIS {
            assert!(
                known.lines().any(|triple| triple == abi.triple()),
                "{abi:?}"
            );
            assert_eq!(Abi::from_word(abi.word()), Some(*abi));
        }
    }
}
