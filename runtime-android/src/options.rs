//! What Java's builder says of a runtime, as its configuration: narrower than the spec, never wider.

use std::path::{Path, PathBuf};
use std::time::Duration;

use runtime_core::definition::{MountSource, RuntimeDef};
use runtime_core::permissions::{Flag, Permissions};
use runtime_core::tables::{PERMISSIONS, permission};
use runtime_core::{JsError, Limits, Plain, RuntimeConfig};

/// The options of one runtime, as they came.
#[derive(Debug)]
pub(crate) struct Options(Plain);

impl Options {
    /// `said`: an object, which `JsRuntime.Builder` makes.
    pub(crate) fn new(said: Plain) -> Self {
        Self(said)
    }

    /// Whether Java takes the console's lines.
    #[cfg(feature = "console")]
    pub(crate) fn has_output(&self) -> bool {
        self.is("output")
    }

    /// The configuration of a runtime of `def`.
    pub(crate) fn config(&self, def: &'static RuntimeDef) -> Result<RuntimeConfig, JsError> {
        let permissions = self.permissions(def)?;
        let config = RuntimeConfig::of(def)?
            .permissions(permissions)
            .narrow(&self.flags()?)?
            .limits(self.limits(&def.limits))
            .script_args(texts(self.0.get("args")));
        Ok(match self.is("bestEffort") {
            true => config.best_effort(),
            false => config,
        })
    }

    /// The grants of the spec, with relative paths taken from the folder that the app hands over. An app's working directory is `/`, where
    /// `./data` would be the system's own: without a folder there is nothing to take them from.
    fn permissions(&self, def: &'static RuntimeDef) -> Result<Permissions, JsError> {
        let folder = self.0.get("directory").and_then(Plain::as_str);
        match (folder, relative(def)) {
            (Some(folder), _) => Permissions::from_grants_at(existing(folder)?, &def.permissions),
            (None, Some(path)) => Err(JsError::error(format!(
                "the runtime has the path `{path}`, and no folder from which to take it\n\
                 help: hand over one: `directory(context.getFilesDir())`"
            ))
            .with_code("ERR_NO_DIRECTORY")),
            (None, None) => Permissions::from_grants_at(root(), &def.permissions),
        }
    }

    /// What is taken away, as flags of a command line say it.
    fn flags(&self) -> Result<Vec<Flag>, JsError> {
        let mut flags = Vec::new();
        for (key, make) in [
            ("deny", Flag::deny as fn(_, _) -> _),
            ("allow", Flag::allow as fn(_, _) -> _),
        ] {
            let Some(Plain::Object(said)) = self.0.get(key) else {
                continue;
            };
            for (kind, entries) in said {
                flags.push(make(known(kind)?, texts(Some(entries))));
            }
        }
        Ok(flags)
    }

    /// The limits of the spec, each lowered by what the app asks for.
    fn limits(&self, built: &Limits) -> Limits {
        let number = |key: &str| {
            let value = self.0.get("limits")?.get(key)?.as_f64()?;
            Some(value.max(0.0) as u64)
        };
        let time = |key| number(key).map(Duration::from_millis);
        built.lowered(&Limits {
            memory: number("memory"),
            cpu: time("cpu"),
            wall: time("wall"),
            stack: number("stack"),
            timers_max: number("timers"),
            ..Limits::NONE
        })
    }

    fn is(&self, key: &str) -> bool {
        self.0.get(key).and_then(Plain::as_bool) == Some(true)
    }
}

fn texts(value: Option<&Plain>) -> Vec<String> {
    let items = value.and_then(Plain::as_array).unwrap_or_default();
    let texts = items.iter().filter_map(Plain::as_str);
    texts.map(str::to_owned).collect()
}

/// The kind of permission with this key.
fn known(key: &str) -> Result<&'static str, JsError> {
    permission(key).map(|kind| kind.key).ok_or_else(|| {
        let known: Vec<&str> = PERMISSIONS.iter().map(|kind| kind.key).collect();
        JsError::type_error(format!(
            "there is no permission `{key}`; there are {}",
            known.join(", ")
        ))
    })
}

/// The first path of the spec's that is taken from a folder.
fn relative(def: &'static RuntimeDef) -> Option<&'static str> {
    let grants = def.permissions.read.iter().chain(def.permissions.write);
    let mounted = def.mounts.iter().filter_map(|mount| match &mount.from {
        MountSource::Host(folder) | MountSource::OverHost { folder, .. } => Some(folder),
        MountSource::Memory { .. } | MountSource::Embed(_) | MountSource::OverEmbed { .. } => None,
    });
    let mut paths = grants.chain(mounted).copied();
    paths.find(|path| !Path::new(path).is_absolute())
}

fn existing(folder: &str) -> Result<PathBuf, JsError> {
    let real = Path::new(folder).canonicalize();
    let real = real.and_then(|real| match real.is_dir() {
        true => Ok(real),
        false => Err(std::io::ErrorKind::NotADirectory.into()),
    });
    real.map_err(|error| {
        JsError::error(format!(
            "cannot use `{folder}` as the runtime's folder: {error}"
        ))
        .with_cause(JsError::from_std(&error))
    })
}

fn root() -> PathBuf {
    PathBuf::from(std::path::MAIN_SEPARATOR_STR)
}
