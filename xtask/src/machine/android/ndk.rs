//! The NDK on this machine: the newest that fits.
//!
//! The boundary: files and the variables that lead to them. What its programs are told is the backend's business.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use object::{Object as _, ObjectSymbol as _};

use super::symbols::LIBRARIES;
use crate::diagnostics::Report;
use crate::files::failed;
use crate::spec::Abi;

/// An NDK that compiles for an API level.
#[derive(Clone, Debug)]
pub(crate) struct Ndk {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Its revision: `27.2.12479018`.
    pub(crate) revision: String,
    /// The folder of the programs for this machine.
    toolchain: PathBuf,
    /// The API levels that it knows.
    levels: BTreeSet<u32>,
}

/// The first NDK that Rust's standard library links with: older ones have no `libunwind`.
const OLDEST: u64 = 25;

/// What gets an NDK.
pub(crate) const GET: &str = "install it with Android Studio or `sdkmanager --install 'ndk;27.2.12479018'`, and set ANDROID_NDK_HOME to its folder";

impl Ndk {
    /// Finds the newest NDK that compiles for an API level. `variable` is what the environment says. Without any NDK: `None`; one that
    /// is there and does not fit is an error.
    pub(crate) fn find(
        variable: &dyn Fn(&str) -> Option<OsString>,
        min_sdk: u32,
    ) -> Result<Option<Self>, Report> {
        let said = |name: &str| variable(name).filter(|folder| !folder.is_empty());
        for name in ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"] {
            if let Some(folder) = said(name).map(PathBuf::from) {
                let ndk = Self::open(&folder).map_err(|why| {
                    Report::error(format!("`{name}` is `{}`, {why}", folder.display())).help(GET)
                })?;
                return ndk.fits(min_sdk).map(Some);
            }
        }
        let mut found = Vec::new();
        for name in ["ANDROID_HOME", "ANDROID_SDK_ROOT"] {
            let Some(folder) = said(name) else { continue };
            let entries = fs::read_dir(Path::new(&folder).join("ndk"));
            let folders = entries.into_iter().flatten().flatten();
            // What else lies there is none of ours.
            found.extend(folders.filter_map(|entry| Self::open(&entry.path()).ok()));
        }
        found.sort_by_key(|ndk| std::cmp::Reverse(numbers(&ndk.revision)));
        let mut first = None;
        for ndk in found {
            match ndk.fits(min_sdk) {
                Ok(ndk) => return Ok(Some(ndk)),
                Err(report) => first = first.or(Some(report)),
            }
        }
        first.map_or(Ok(None), Err)
    }

    /// Reads what a folder says of itself; or what it is instead of an NDK, in words.
    fn open(folder: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(folder.join("source.properties"))
            .map_err(|_| "which is no NDK: it has no `source.properties`".to_owned())?;
        let revision = text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == "Pkg.Revision").then(|| value.trim().to_owned())
        });
        let revision = revision.ok_or("whose `source.properties` names no revision")?;
        let hosts = folder.join("toolchains/llvm/prebuilt");
        let mut toolchains: Vec<PathBuf> = fs::read_dir(&hosts)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.join("bin").is_dir())
            .collect();
        toolchains.sort();
        let toolchain = toolchains.into_iter().next().ok_or(format!(
            "an NDK {revision} without programs in `toolchains/llvm/prebuilt`"
        ))?;
        let levels = levels(&toolchain.join("bin"));
        if levels.is_empty() {
            return Err(format!("an NDK {revision} without a clang for Android"));
        }
        Ok(Self {
            folder: folder.to_owned(),
            revision,
            toolchain,
            levels,
        })
    }

    fn fits(self, min_sdk: u32) -> Result<Self, Report> {
        let newest = self.levels.last().copied().unwrap_or_default();
        let place = self.folder.display();
        if self.level(min_sdk).is_some() && min_sdk <= newest {
            if numbers(&self.revision).first() >= Some(&OLDEST) {
                return Ok(self);
            }
            return Err(Report::error(format!(
                "the NDK {} in `{place}` is too old for Rust, which takes {OLDEST} or newer",
                self.revision
            ))
            .help(GET));
        }
        Err(match min_sdk > newest {
            true => Report::error(format!(
                "the NDK {} in `{place}` is too old for `min-sdk = {min_sdk}`: it knows API levels up to {newest}",
                self.revision
            ))
            .help(format!("install a newer one, or write `min-sdk = {newest}` or less")),
            false => {
                let oldest = self.levels.first().copied().unwrap_or_default();
                Report::error(format!(
                    "the NDK {} in `{place}` no longer supports `min-sdk = {min_sdk}`: its API levels begin with {oldest}",
                    self.revision
                ))
                .help(format!("install an older one, or write `min-sdk = {oldest}`"))
            }
        })
    }

    /// The API level that serves for `min_sdk`: some have no tools of their own, as they brought no new interface.
    fn level(&self, min_sdk: u32) -> Option<u32> {
        self.levels.range(..=min_sdk).next_back().copied()
    }

    /// The clang that compiles C and links for an ABI.
    pub(crate) fn clang(&self, abi: Abi, min_sdk: u32) -> PathBuf {
        let level = self.level(min_sdk).unwrap_or(min_sdk);
        let end = if cfg!(windows) { ".cmd" } else { "" };
        let name = format!("{}{level}-clang{end}", abi.clang_triple());
        self.toolchain.join("bin").join(name)
    }

    /// The program that makes archives.
    pub(crate) fn archiver(&self) -> PathBuf {
        let name = format!("llvm-ar{}", std::env::consts::EXE_SUFFIX);
        self.toolchain.join("bin").join(name)
    }

    /// The folder of the headers and libraries of the system.
    pub(crate) fn sysroot(&self) -> PathBuf {
        self.toolchain.join("sysroot")
    }

    /// The folder of its libclang, by which bindings to C are made; where it lies has changed.
    pub(crate) fn libclang(&self) -> Option<PathBuf> {
        let is_it = |entry: fs::DirEntry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("libclang.") || name.starts_with("libclang-")
        };
        let folders = ["lib", "lib64", "musl/lib", "bin"].map(|name| self.toolchain.join(name));
        folders.into_iter().find(|folder| {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.into_iter().any(is_it)
        })
    }

    /// The public symbols of the system's libraries at an API level, from its own stubs of them.
    pub(crate) fn symbols(&self, abi: Abi, min_sdk: u32) -> Result<BTreeSet<String>, Report> {
        let triple = match abi {
            Abi::ArmeabiV7a => "arm-linux-androideabi",
            other => other.triple(),
        };
        let level = self.level(min_sdk).unwrap_or(min_sdk).to_string();
        let folder = self.sysroot().join("usr/lib").join(triple).join(level);
        let mut symbols = BTreeSet::new();
        for library in LIBRARIES {
            let path = folder.join(library);
            let bytes = fs::read(&path).map_err(|error| failed("read the NDK's", &path, &error))?;
            let file = object::File::parse(&*bytes).map_err(|error| {
                Report::error(format!("cannot understand `{}`: {error}", path.display()))
            })?;
            let defined = file
                .dynamic_symbols()
                .filter(|symbol| symbol.is_definition());
            symbols.extend(defined.filter_map(|symbol| Some(symbol.name().ok()?.to_owned())));
        }
        Ok(symbols)
    }
}

/// The API levels for which a folder has compilers: `aarch64-linux-android23-clang`.
fn levels(bin: &Path) -> BTreeSet<u32> {
    let start = Abi::Arm64V8a.clang_triple();
    let level = |name: OsString| {
        let name = name.to_string_lossy().into_owned();
        let (level, rest) = name.strip_prefix(start)?.split_once("-clang")?;
        (rest.is_empty() || rest == ".cmd").then(|| level.parse().ok())?
    };
    let entries = fs::read_dir(bin).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| level(entry.file_name()))
        .collect()
}

/// `27.2.12479018` to compare.
fn numbers(revision: &str) -> Vec<u64> {
    let part = |part: &str| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    revision.split('.').map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder as an NDK of this revision would be, for the API levels from `oldest` to `newest`.
    fn fake(folder: &Path, revision: &str, oldest: u32, newest: u32) {
        let bin = folder.join("toolchains/llvm/prebuilt/some-machine/bin");
        fs::create_dir_all(&bin).expect("a folder");
        let properties = format!("Pkg.Desc = Android NDK\nPkg.Revision = {revision}\n");
        fs::write(folder.join("source.properties"), properties).expect("written");
        // There never were tools of their own for the API level 25.
        for level in (oldest..=newest).filter(|level| *level != 25) {
            for triple in ["aarch64-linux-android", "armv7a-linux-androideabi"] {
                for end in ["clang", "clang++"] {
                    fs::write(bin.join(format!("{triple}{level}-{end}")), "").expect("written");
                }
            }
        }
    }

    fn find(said: &[(&str, &Path)], min_sdk: u32) -> Result<Option<Ndk>, String> {
        let variable = |name: &str| {
            let said = said.iter().find(|(known, _)| *known == name);
            said.map(|(_, folder)| folder.as_os_str().to_owned())
        };
        Ndk::find(&variable, min_sdk).map_err(|report| report.render(false))
    }

    #[test]
    fn the_newest_that_fits_is_taken() {
        let sdk = tempfile::tempdir().expect("a folder");
        let home = sdk.path();
        assert!(find(&[("ANDROID_HOME", home)], 23).is_ok_and(|ndk| ndk.is_none()));
        fake(&home.join("ndk/9.9.1"), "9.9.1", 16, 28);
        fake(&home.join("ndk/27.2.1"), "27.2.1", 21, 35);
        fake(&home.join("ndk/40.0.1-beta1"), "40.0.1-beta1", 26, 40);
        fs::create_dir_all(home.join("ndk/of somebody else")).expect("a folder");
        let newest = |min_sdk| {
            let ndk = find(&[("ANDROID_HOME", home)], min_sdk).expect("one fits");
            ndk.expect("there is one").revision
        };
        assert_eq!(newest(23), "27.2.1");
        assert_eq!(newest(26), "40.0.1-beta1");
        let error = find(&[("ANDROID_HOME", home)], 41).expect_err("none fits");
        assert!(
            error.contains("40.0.1-beta1") && error.contains("up to 40"),
            "{error}"
        );
    }

    #[test]
    fn one_that_is_named_is_the_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, sdk) = (folder.path().join("old"), folder.path().join("sdk"));
        fake(&old, "25.1.8", 19, 33);
        fake(&sdk.join("ndk/27.2.1"), "27.2.1", 21, 35);
        let said = [("ANDROID_NDK_HOME", &*old), ("ANDROID_HOME", &*sdk)];
        let ndk = find(&said, 25).expect("it fits").expect("it is there");
        assert_eq!(ndk.revision, "25.1.8");
        let clang = |abi| {
            let path = ndk.clang(abi, 25);
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        };
        assert!(clang(Abi::Arm64V8a).starts_with("aarch64-linux-android24-clang"));
        assert!(clang(Abi::ArmeabiV7a).starts_with("armv7a-linux-androideabi24-clang"));
        let error = find(&said, 34).expect_err("it does not fit");
        assert!(
            error.contains("too old for `min-sdk = 34`: it knows API levels up to 33"),
            "{error}"
        );
        assert!(error.contains("help: install a newer one"), "{error}");
        let said = [("ANDROID_NDK_ROOT", &*old)];
        assert!(find(&said, 23).is_ok_and(|ndk| ndk.is_some()));
        let older = folder.path().join("older");
        fake(&older, "21.4.7", 16, 30);
        let error = find(&[("ANDROID_NDK_HOME", &*older)], 23).expect_err("Rust takes no such");
        assert!(
            error.contains("21.4.7") && error.contains("takes 25 or newer"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_ndk_is_said_to_be_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let wrong = |part: &str| {
            let error = find(&[("ANDROID_NDK_HOME", folder.path())], 23).expect_err("no NDK");
            assert!(
                error.contains(part) && error.contains("ANDROID_NDK_HOME"),
                "{error}"
            );
        };
        wrong("no `source.properties`");
        fs::write(folder.path().join("source.properties"), "Pkg.Desc = x\n").expect("written");
        wrong("names no revision");
        fs::write(
            folder.path().join("source.properties"),
            "Pkg.Revision = 27.0.1\n",
        )
        .expect("written");
        wrong("without programs");
        let bin = folder.path().join("toolchains/llvm/prebuilt/x/bin");
        fs::create_dir_all(&bin).expect("a folder");
        wrong("without a clang");
    }
}
