//! The Java side: compiled by `javac`, and packed as Gradle and Maven take it.
//!
//! The boundary: sources and libraries in, archives out. What `javac` says when there is none of it is no failure of the build.

use std::fs;
use std::path::Path;
use std::process::Command;

use minijinja::context;

use super::zip::Zip;
use crate::diagnostics::Report;
use crate::files::{failed, make_folder, path_below, remove, replace, walk};
use crate::machine::android::javac::Javac;
use crate::plan::{AndroidPlan, Plan};
use crate::render::{self, Template, template, text, word};

impl Javac {
    /// Compiles the sources of the API below `place`, and gives the classes as pairs of a path and its bytes.
    pub(crate) fn compile(
        &self,
        plan: &Plan,
        place: &Path,
    ) -> Result<Vec<(String, Vec<u8>)>, Report> {
        if place.exists() {
            remove("the classes of an older build,", place)?;
        }
        let (sources, classes) = (place.join("java"), place.join("classes"));
        make_folder("the classes", &classes)?;
        let mut command = Command::new(&self.program);
        command.args(["--release", "8", "-encoding", "UTF-8", "-g"]);
        // Newer ones warn of what is asked for.
        command.args(["-Xlint:all,-options", "-d"]).arg(&classes);
        for (path, text) in sources_of(plan)? {
            let file = sources.join(path);
            replace("the Java sources", &file, text.as_bytes())?;
            command.arg(file);
        }
        let output = command.output().map_err(|error| {
            Report::error(format!("cannot run `{}`: {error}", self.program.display()))
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Report::error(format!(
                "tailor's bug: the Java sources do not compile with javac {}:\n{}",
                self.version,
                said.trim()
            )));
        }
        files_below(&classes)
    }

    /// Compiles the API that is below `place` once more, with the tests in `tests` and without patience for what is not documented.
    pub(crate) fn compile_tests(&self, tests: &Path, place: &Path) -> Result<(), Report> {
        let mut command = Command::new(&self.program);
        command.args(["--release", "8", "-encoding", "UTF-8", "-Werror"]);
        command.args(["-Xlint:all,-options", "-Xdoclint:all/protected", "-d"]);
        command.arg(place.join("classes"));
        for folder in [&place.join("java"), tests] {
            for (path, _) in files_below(folder)? {
                command.arg(folder.join(path));
            }
        }
        let output = command.output().map_err(|error| {
            Report::error(format!("cannot run `{}`: {error}", self.program.display()))
        })?;
        match output.status.success() {
            true => Ok(()),
            false => Err(Report::error(format!(
                "the Java API and its tests do not compile with javac {}:\n{}",
                self.version,
                String::from_utf8_lossy(&output.stderr).trim()
            ))),
        }
    }
}

/// The sources of the API, as paths by their packages and what is in them. Those that end in `.jinja` name the library.
pub(crate) fn sources_of(plan: &Plan) -> Result<Vec<(String, String)>, Report> {
    let folder = plan.workspace.join("templates/android/java");
    let mut sources = Vec::new();
    for (path, bytes) in files_below(&folder)? {
        let text = String::from_utf8(bytes)
            .map_err(|_| Report::error(format!("tailor's bug: `{path}` is not UTF-8")))?;
        let whole = path.clone();
        sources.push(match path.strip_suffix(".jinja") {
            Some(path) => {
                let template = Template {
                    path: &whole,
                    text: &text,
                };
                let filled = render::fill(template, context!(library => word(&plan.name)));
                (path.to_owned(), filled)
            }
            None => (path, text),
        });
    }
    Ok(sources)
}

/// Every file below a folder, by its path with `/`, in order.
fn files_below(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Report> {
    let mut files = Vec::new();
    for entry in walk(folder, |_| true) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            let path = entry.path();
            let bytes = fs::read(path).map_err(|error| failed("read", path, &error))?;
            files.push((path_below(folder, path), bytes));
        }
    }
    Ok(files)
}

/// The JAR of some files.
pub(crate) fn jar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = Zip::default();
    zip.add("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\r\n\r\n");
    for (path, bytes) in files {
        zip.add(path, bytes);
    }
    zip.finish()
}

/// What the AAR says of itself to Gradle.
pub(crate) fn manifest(android: &AndroidPlan) -> String {
    render::fill(
        template!("android/AndroidManifest.xml.jinja"),
        context!(package => text(&android.package.value), min_sdk => android.min_sdk.value),
    )
}

/// The AAR: what Gradle unpacks. `libraries` are pairs of an ABI and the bytes of its library.
pub(crate) fn aar<'a>(
    plan: &Plan,
    android: &AndroidPlan,
    classes: &[(String, Vec<u8>)],
    libraries: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Vec<u8> {
    let manifest = manifest(android);
    let metadata = include_bytes!("../../../../templates/android/aar-metadata.properties");
    let rules = include_bytes!("../../../../templates/android/proguard.txt");
    let mut zip = Zip::default();
    zip.add("AndroidManifest.xml", manifest.as_bytes());
    zip.add("classes.jar", &jar(classes));
    // There are no resources.
    zip.add("R.txt", b"");
    zip.add("proguard.txt", rules);
    zip.add(
        "META-INF/com/android/build/gradle/aar-metadata.properties",
        metadata,
    );
    for (abi, bytes) in libraries {
        zip.add(&format!("jni/{abi}/{}", library_name(plan)), bytes);
    }
    zip.finish()
}

/// What Maven knows of the AAR.
pub(crate) fn pom(plan: &Plan, android: &AndroidPlan) -> String {
    render::fill(
        template!("android/pom.xml.jinja"),
        context!(
            package => text(&android.package.value),
            name => text(&plan.name),
            version => text(&plan.version),
            description => (!plan.description.is_empty()).then(|| text(&plan.description)),
        ),
    )
}

/// Where a Maven repository has the AAR: `com/acme/js/acme-js/1.2.0/acme-js-1.2.0`, and then what it is.
pub(crate) fn maven_path(plan: &Plan, android: &AndroidPlan) -> String {
    let (name, version) = (&plan.name, &plan.version);
    let group = android.package.value.replace('.', "/");
    format!("{group}/{name}/{version}/{name}-{version}")
}

/// What the library is called.
pub(crate) fn library_name(plan: &Plan) -> String {
    format!("lib{}.so", plan.name)
}
