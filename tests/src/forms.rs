//! The forms in which an attack is run: what a limit ends must end the same way wherever the code stands.
//!
//! The boundary: texts. A form makes the files of a run from the one file of an attack, whose imports stay
//! at the top of a module.

/// A form of an attack.
#[derive(Debug)]
pub(crate) struct Form {
    /// What it is called in reports, and in the first lines of attacks.
    pub(crate) name: &'static str,
    /// Whether it runs in every mode of isolation. The others run in the first, `thread`: what differs
    /// between the modes is what ends a script, and the plain form shows that.
    pub(crate) in_every_mode: bool,
    /// Whether the script begins again whenever it has ended, so that only a limit ends it.
    pub(crate) is_endless: bool,
    make: fn(&Parts<'_>) -> Option<Files>,
}

/// The files of a run, each with its name; the first is started.
pub(crate) type Files = Vec<(&'static str, String)>;

/// An attack's imports, and the rest of it.
struct Parts<'t> {
    text: &'t str,
    imports: String,
    body: String,
}

/// Every form.
pub(crate) const FORMS: &[Form] = &[
    Form {
        name: "plain",
        in_every_mode: true,
        is_endless: false,
        make: |parts| Some(vec![("main.js", parts.text.to_owned())]),
    },
    Form {
        name: "awaited",
        in_every_mode: false,
        is_endless: false,
        make: |parts| {
            let text = format!("{}await 0;\n{}", parts.imports, parts.body);
            Some(vec![("main.js", text)])
        },
    },
    Form {
        name: "generator",
        in_every_mode: false,
        is_endless: false,
        make: |parts| {
            let text = format!(
                "{}await (async function* () {{\n{}\n}})().next();\n",
                parts.imports, parts.body
            );
            parts.can_be_in_a_block().then(|| vec![("main.js", text)])
        },
    },
    Form {
        name: "imported",
        in_every_mode: false,
        is_endless: false,
        make: |parts| {
            let main = "import \"./attack.js\";\nawait 0;\n".to_owned();
            Some(vec![
                ("main.js", main),
                ("attack.js", parts.text.to_owned()),
            ])
        },
    },
    Form {
        name: "caught",
        in_every_mode: false,
        is_endless: true,
        make: |parts| {
            let text = format!(
                "{}for (;;) try {{\n{}\n}} catch (error) {{\n  \
                 if (error?.name === \"InternalError\") console.log(\"ESCAPED\");\n}} finally {{\n  \
                 await 0;\n}}\n",
                parts.imports, parts.body
            );
            parts.can_be_in_a_block().then(|| vec![("main.js", text)])
        },
    },
];

impl Parts<'_> {
    /// An export stands at the top of a module.
    fn can_be_in_a_block(&self) -> bool {
        !self.body.lines().any(|line| line.starts_with("export "))
    }
}

impl Form {
    /// The files of a run, the one that is started first; `None`: an attack cannot have this form.
    pub(crate) fn files(&self, text: &str) -> Option<Files> {
        let (mut imports, mut body) = (String::new(), String::new());
        for line in text.split_inclusive('\n') {
            match line.starts_with("import ") {
                true => imports.push_str(line),
                false => body.push_str(line),
            }
        }
        (self.make)(&Parts {
            text,
            imports,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: &str, text: &str) -> Option<Files> {
        let form = FORMS.iter().find(|form| form.name == name);
        form.expect("there is such a form").files(text)
    }

    #[test]
    fn imports_stay_at_the_top() {
        let files =
            made("generator", "// x\nimport a from \"a\";\na();\n").expect("it has the form");
        assert_eq!(
            files[0].1,
            "import a from \"a\";\nawait (async function* () {\n// x\na();\n\n})().next();\n"
        );
        assert_eq!(made("imported", "a()").map(|files| files.len()), Some(2));
        assert_eq!(made("generator", "export const a = 1;\n"), None);
    }
}
