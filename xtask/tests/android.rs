//! `cargo xtask build --target android`, as a person runs it: what is refused before anything is compiled, and a real library for
//! phones, linked by the NDK where there is one and else without it, with its archive and its command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xtask::drive::{cannot_archive_for_android, cannot_build_for_android, cannot_run_for_android};

/// The variables that lead to tools for Android and Java.
const VARIABLES: &[&str] = &[
    "ANDROID_NDK_HOME",
    "ANDROID_NDK_ROOT",
    "ANDROID_HOME",
    "ANDROID_SDK_ROOT",
];

/// A folder with a spec.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(name: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let spec = format!(
            "[runtime]\nname = \"{name}\"\nversion = \"1.2.0\"\ndescription = \"A <runtime> & more\"\n\
             [modules]\nconsole = true\ntimers = true\nfs = true\n{more}\n"
        );
        fs::write(folder.path().join("runtime.toml"), spec).expect("a file can be written");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Builds with these variables set, and nothing else that leads to an NDK unless `with_ndk`.
    fn build(&self, with_ndk: bool, variables: &[(&str, &Path)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(["build", "--target", "android", "--profile", "debug"])
            .arg("--spec")
            .arg(self.path("runtime.toml"))
            .env("NO_COLOR", "1");
        if !with_ndk {
            for name in VARIABLES {
                command.env_remove(name);
            }
        }
        command.envs(variables.iter().copied());
        command.output().expect("the xtask can be run")
    }

    /// The error of a build that is refused.
    fn refused(&self, variables: &[(&str, &Path)]) -> String {
        let output = self.build(false, variables);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(!self.path("dist").join("x").exists());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

fn said(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\nstdout:\n{out}\nstderr:\n{err}", output.status)
}

#[track_caller]
fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[test]
fn a_plan_with_c_in_it_needs_the_ndk() {
    let project = Project::new("case-android-c", "[engine]\nkind = \"quickjs\"");
    let error = project.refused(&[]);
    contains(
        &error,
        &[
            "the engine `quickjs` is written in C, and there is no NDK",
            "ANDROID_NDK_HOME",
            "help: or choose an engine in Rust",
        ],
    );
    let project = Project::new("case-android-c", "[build]\nallocator = \"mimalloc\"");
    contains(
        &project.refused(&[]),
        &["the allocator `mimalloc` is written in C, and there is no NDK"],
    );
}

#[test]
fn an_abi_that_nothing_links_for_needs_the_ndk() {
    let project = Project::new(
        "case-android-abi",
        "[targets.android]\nabis = [\"arm64-v8a\", \"x86\"]",
    );
    contains(
        &project.refused(&[]),
        &["there is no NDK, and without it nothing is linked for `x86`"],
    );
}

#[test]
fn an_ndk_that_does_not_fit_is_said_to_be_too_old() {
    let project = Project::new("case-android-old", "[targets.android]\nmin-sdk = 34");
    let ndk = project.path("ndk");
    let bin = ndk.join("toolchains/llvm/prebuilt/some-machine/bin");
    fs::create_dir_all(&bin).expect("a folder can be made");
    fs::write(
        ndk.join("source.properties"),
        "Pkg.Revision = 21.4.7075529\n",
    )
    .expect("a file can be written");
    for level in 21..=30 {
        fs::write(bin.join(format!("aarch64-linux-android{level}-clang")), "")
            .expect("a file can be written");
    }
    contains(
        &project.refused(&[("ANDROID_NDK_HOME", &ndk)]),
        &[
            "21.4.7075529",
            "too old for `min-sdk = 34`: it knows API levels up to 30",
            "write `min-sdk = 30` or less",
        ],
    );
    let missing = project.path("nowhere");
    contains(
        &project.refused(&[("ANDROID_NDK_ROOT", &missing)]),
        &["`ANDROID_NDK_ROOT` is", "which is no NDK"],
    );
}

/// A library, its archive and its command: one build, since each takes minutes on a machine that has nothing of it yet.
#[test]
fn a_library_is_built_with_its_archive_and_its_command() {
    if let Some(why) = cannot_build_for_android() {
        return eprintln!("skipped: nothing is built for Android: {why}");
    }
    let project = Project::new(
        "case-android",
        "[permissions]\nread = [\"/data\"]\n\
         [targets.android]\npackage = \"com.acme.phone\"\nartifact = [\"so\", \"aar\", \"bin\"]",
    );
    let no_java = project.path("no-java");
    let first = project.build(true, &[("JAVA_HOME", &no_java)]);
    a_missing_javac_leaves_the_libraries(&project, &first);
    let built = project.build(true, &[]);
    let dist = project.path("dist/case-android/android");
    let manifest = fs::read(dist.join("manifest.json")).expect("there is a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("it is JSON");
    let android = &manifest["android"];
    assert_eq!(android["package"], "com.acme.phone");
    assert_eq!(android["min-sdk"], 23);
    let abi = &android["abis"][0];
    assert_eq!(abi["abi"], "arm64-v8a");
    assert_eq!(manifest["binary"]["file"], abi["library"]["file"]);
    let library = "jniLibs/arm64-v8a/libcase-android.so";
    assert_eq!(abi["library"]["file"], library);
    let bytes = |name: &str| fs::metadata(dist.join(name)).map_or(0, |data| data.len());
    assert_eq!(abi["library"]["bytes"], bytes(library));
    assert!(bytes(library) < bytes("symbols/arm64-v8a/libcase-android.so"));
    assert_eq!(abi["command"]["bytes"], bytes("bin/arm64-v8a/case-android"));
    let stderr = String::from_utf8_lossy(&built.stderr);
    match android["fit-for"].as_str() {
        Some("testing") => contains(&stderr, &["fit for testing, not for release"]),
        fit => assert_eq!(fit, Some("release")),
    }
    let types = fs::read_to_string(dist.join("runtime.d.ts")).expect("there are declarations");
    contains(&types, &["setTimeout", "\"runtime:fs\""]);
    let readme = fs::read_to_string(dist.join("README.md")).expect("there is a README");
    contains(&readme, &["com.acme.phone:case-android:1.2.0"]);
    command_runs(&dist.join("bin/arm64-v8a/case-android"));
    if let Some(why) = cannot_archive_for_android() {
        return eprintln!("skipped: the archive is not looked into: {why}");
    }
    assert!(built.status.success(), "{}", said(&built));
    archive_has_what_gradle_wants(&dist, &project.path("unpacked"));
}

/// The AAR was asked for, so its absence fails the command; everything else stands.
fn a_missing_javac_leaves_the_libraries(project: &Project, output: &Output) {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    let stderr = String::from_utf8_lossy(&output.stderr);
    contains(
        &stderr,
        &["error: the AAR is not built: JAVA_HOME is", "help: "],
    );
    let dist = project.path("dist/case-android/android");
    assert!(dist.join("jniLibs/arm64-v8a/libcase-android.so").is_file());
    assert!(!dist.join("case-android.aar").exists() && !dist.join("maven").exists());
    let manifest = fs::read_to_string(dist.join("manifest.json")).expect("there is a manifest");
    assert!(!manifest.contains("\"aar\""), "{manifest}");
}

/// Runs a program of the JDK in a folder.
fn jdk(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    let output = output.expect("the JDK can be run");
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        said(&output)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Loads every class that it is told of, with all that its methods and fields name, and runs none of it.
const LOAD: &str = r#"
public class Load {
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            Class<?> found = Class.forName(name, false, Load.class.getClassLoader());
            found.getDeclaredMethods();
            found.getDeclaredFields();
            found.getDeclaredConstructors();
        }
        System.out.println(names.length + " loaded");
    }
}
"#;

/// The archive file by file, as the JDK unpacks it, and its classes in the JVM.
fn archive_has_what_gradle_wants(dist: &Path, unpacked: &Path) {
    fs::create_dir_all(unpacked).expect("a folder can be made");
    let aar = dist.join("case-android.aar");
    let aar_text = aar.to_str().expect("a path of letters");
    let listed = jdk("jar", unpacked, &["tf", aar_text]);
    assert_eq!(
        listed.lines().collect::<Vec<_>>(),
        [
            "AndroidManifest.xml",
            "classes.jar",
            "R.txt",
            "proguard.txt",
            "META-INF/com/android/build/gradle/aar-metadata.properties",
            "jni/arm64-v8a/libcase-android.so",
        ]
    );
    jdk("jar", unpacked, &["xf", aar_text]);
    let read = |name: &str| fs::read(unpacked.join(name)).expect("it was unpacked");
    let text = |name: &str| String::from_utf8(read(name)).expect("it is text");
    contains(
        &text("AndroidManifest.xml"),
        &["package=\"com.acme.phone\"", "android:minSdkVersion=\"23\""],
    );
    assert_eq!(text("R.txt"), "");
    contains(&text("proguard.txt"), &["-keep class dev.tailor.runtime."]);
    contains(
        &text("META-INF/com/android/build/gradle/aar-metadata.properties"),
        &[
            "aarFormatVersion=1.0",
            "aarMetadataVersion=1.0",
            "minCompileSdk=",
        ],
    );
    let library = fs::read(dist.join("jniLibs/arm64-v8a/libcase-android.so"));
    assert_eq!(
        read("jni/arm64-v8a/libcase-android.so"),
        library.expect("it is there")
    );
    let maven = dist.join("maven/com/acme/phone/case-android/1.2.0");
    let beside = |end: &str| fs::read(maven.join(format!("case-android-1.2.0{end}")));
    assert_eq!(
        beside(".aar").expect("it is in the repository"),
        fs::read(&aar).expect("it is there")
    );
    let pom = beside(".pom").expect("it is in the repository");
    contains(
        &String::from_utf8_lossy(&pom),
        &[
            "<groupId>com.acme.phone</groupId>",
            "<artifactId>case-android</artifactId>",
            "<packaging>aar</packaging>",
            "A &lt;runtime&gt; &amp; more",
        ],
    );
    assert_eq!(
        pom,
        fs::read(dist.join("case-android.pom")).expect("it is there")
    );
    assert!(beside("-sources.jar").is_ok());
    let classes = jdk("jar", unpacked, &["tf", "classes.jar"]);
    let names: Vec<String> = classes
        .lines()
        .filter_map(|line| line.strip_suffix(".class"))
        .filter(|name| !name.ends_with("package-info"))
        .map(|name| name.replace('/', "."))
        .collect();
    assert!(
        names.contains(&"dev.tailor.runtime.JsRuntime".to_owned()),
        "{names:?}"
    );
    fs::write(unpacked.join("Load.java"), LOAD).expect("a file can be written");
    let mut arguments = vec!["-cp", "classes.jar", "Load.java"];
    arguments.extend(names.iter().map(String::as_str));
    let loaded = jdk("java", unpacked, &arguments);
    assert_eq!(loaded.trim(), format!("{} loaded", names.len()));
}

/// The command under an emulator, with the system's libraries of `TAILOR_ANDROID_SYSROOT`.
fn command_runs(command: &Path) {
    if let Some(why) = cannot_run_for_android() {
        return eprintln!("skipped: the command is not run: {why}");
    }
    let sysroot = std::env::var_os("TAILOR_ANDROID_SYSROOT").expect("it is set");
    let emulators = ["qemu-aarch64", "qemu-aarch64-static"];
    let is_there = |name: &&&str| Command::new(name).arg("--version").output().is_ok();
    let emulator = emulators.iter().find(is_there).expect("one is there");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let script = folder.path().join("main.js");
    fs::write(
        &script,
        "setTimeout(() => console.log([1, 2, 3].map((n) => n * n).join()), 1);",
    )
    .expect("a file can be written");
    let output = Command::new(emulator)
        .arg("-L")
        .arg(sysroot)
        .arg(command)
        .arg(&script)
        .output()
        .expect("the emulator can be run");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1,4,9\n");
}

/// What newer systems have, a link for the oldest refuses: it would fail on a phone.
#[test]
fn a_symbol_that_the_api_level_does_not_have_fails_at_link_time() {
    if let Some(why) = cannot_build_for_android() {
        return eprintln!("skipped: nothing is built for Android: {why}");
    }
    let project = Project::new(
        "case-android-symbol",
        "memory = { path = \"memory.rs\" }\n[targets.android]\nartifact = [\"so\"]",
    );
    // Since API level 30.
    let native = "use runtime_core::prelude::*;\n\n\
        unsafe extern \"C\" {\n    fn memfd_create(name: *const std::ffi::c_char, flags: u32) -> i32;\n}\n\n\
        /// Makes a file in memory.\n#[js_fn]\nfn make() -> i32 {\n    \
        // SAFETY: the name ends with a zero.\n    unsafe { memfd_create(c\"x\".as_ptr(), 0) }\n}\n";
    fs::write(project.path("memory.rs"), native).expect("a file can be written");
    let output = project.build(true, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    contains(
        &String::from_utf8_lossy(&output.stderr),
        &["undefined symbol: memfd_create"],
    );
    assert!(!project.path("dist/case-android-symbol/android").exists());
}
