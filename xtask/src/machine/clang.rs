//! What compiles an engine in C for WebAssembly: a clang that is new enough, or what the environment names.

use std::path::Path;
use std::process::Command;

use super::toolchain::in_path;
use crate::diagnostics::Report;
use crate::spec::Profile;

/// A C compiler that can compile for this target.
#[derive(Debug)]
pub(crate) struct CCompiler {
    triple: &'static str,
    compiler: String,
    archiver: Option<String>,
    /// The same in words.
    pub(crate) said: String,
}

/// The oldest clang whose code links with the compiler's.
const OLDEST: u32 = 19;

/// The variable that tells of a tool for a triple: `CC_wasm32_unknown_unknown`.
fn variable(tool: &str, triple: &str) -> String {
    format!("{tool}_{}", triple.replace('-', "_"))
}

impl CCompiler {
    /// What the environment names, or a clang that is new enough.
    pub(crate) fn find(triple: &'static str) -> Result<Self, Report> {
        let [cc, ar] = ["CC", "AR"].map(|tool| variable(tool, triple));
        if let Ok(compiler) = std::env::var(&cc) {
            return Self::named(triple, compiler, std::env::var(&ar).ok());
        }
        let versions = (OLDEST..OLDEST + 8).rev();
        for suffix in versions
            .map(|version| format!("-{version}"))
            .chain([String::new()])
        {
            let compiler = format!("clang{suffix}");
            let Some(version) = in_path(&compiler).and_then(|_| clang_version(&compiler)) else {
                continue;
            };
            if version >= OLDEST {
                let archiver = format!("llvm-ar{suffix}");
                return Ok(Self {
                    triple,
                    said: format!("{compiler} (clang {version})"),
                    compiler,
                    archiver: in_path(&archiver).map(|_| archiver),
                });
            }
        }
        Err(Report::error(format!(
            "the engine is written in C, and nothing here compiles C for `{triple}`"
        ))
        .help(format!(
            "install clang {OLDEST} or newer with its archiver: `apt-get install clang-{OLDEST} llvm-{OLDEST}`"
        ))
        .help(format!("or name a compiler in `{cc}` and an archiver in `{ar}`"))
        .help("or take the engine that needs none: `--set engine.kind=boa`"))
    }

    /// The one that a person chose.
    fn named(
        triple: &'static str,
        compiler: String,
        archiver: Option<String>,
    ) -> Result<Self, Report> {
        let [cc, ar] = ["CC", "AR"].map(|tool| variable(tool, triple));
        for (name, program) in [(&cc, Some(&compiler)), (&ar, archiver.as_ref())] {
            if let Some(program) = program
                && in_path(program).is_none()
                && !Path::new(program).is_file()
            {
                return Err(Report::error(format!(
                    "`{name}` names `{program}`, which is not there"
                ))
                .help("name a program in the path, or one by its whole path"));
            }
        }
        Ok(Self {
            triple,
            said: format!("{compiler} ({cc})"),
            compiler,
            archiver,
        })
    }

    /// What cargo's environment says of it, and of what else it is told.
    pub(crate) fn env(&self, profile: Profile, more: &str) -> Vec<(String, String)> {
        let [cc, ar, cflags] = ["CC", "AR", "CFLAGS"].map(|tool| variable(tool, self.triple));
        // Both optimise what is linked as one, and use what every engine of WebAssembly has by now.
        let lto = if profile == Profile::Debug {
            ""
        } else {
            "-flto "
        };
        let flags = format!("-DNDEBUG {lto}-mbulk-memory -mnontrapping-fptoint -msign-ext{more}");
        let mut env = vec![(cc, self.compiler.clone())];
        env.extend(self.archiver.clone().map(|archiver| (ar, archiver)));
        if std::env::var_os(&cflags).is_none() {
            env.push((cflags, flags));
        }
        env
    }
}

/// `clang version 19.1.7 (…)`: 19.
fn clang_version(program: &str) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rest = text.split("clang version ").nth(1)?;
    rest.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_is_named_must_be_there() {
        let named = |compiler: &str, archiver: Option<&str>| {
            CCompiler::named(
                crate::spec::wasm::TRIPLE,
                compiler.to_owned(),
                archiver.map(str::to_owned),
            )
            .map_err(|report| report.render(false))
        };
        let why = named("clang-of-nobody", None).expect_err("there is none");
        assert!(
            why.contains("`CC_wasm32_unknown_unknown` names `clang-of-nobody`, which is not there"),
            "{why}"
        );
        let why = named("cargo", Some("ar-of-nobody")).expect_err("there is none");
        assert!(
            why.contains("`AR_wasm32_unknown_unknown` names `ar-of-nobody`"),
            "{why}"
        );
        let found = named("cargo", None).expect("it is in the path");
        assert_eq!(found.said, "cargo (CC_wasm32_unknown_unknown)");
    }
}
