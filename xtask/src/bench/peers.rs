//! The peers: for each engine the program around it, and nothing else, that runtimes are compared with.
//!
//! The boundary: a table.

/// A program around one engine.
#[derive(Debug)]
pub(super) struct Peer {
    /// The engine's kind.
    pub(super) engine: &'static str,
    /// The line of its manifest that brings the engine.
    pub(super) dependency: &'static str,
    /// Its only file.
    pub(super) main: &'static str,
}

/// One for each engine, the default first.
pub(super) const PEERS: &[Peer] = &[
    Peer {
        engine: "boa",
        dependency: r#"boa_engine = { version = "0.22", default-features = false }"#,
        main: include_str!("../../../templates/bench/peer/boa/main.rs"),
    },
    Peer {
        engine: "quickjs",
        dependency: r#"rquickjs-sys = { version = "0.14", default-features = false }"#,
        main: include_str!("../../../templates/bench/peer/quickjs/main.rs"),
    },
];

#[cfg(test)]
mod tests {
    use runtime_core::engine::capabilities::ENGINES;

    use super::*;

    #[test]
    fn every_engine_has_a_peer_of_the_same_version() {
        let engines: Vec<&str> = ENGINES.iter().map(|engine| engine.kind).collect();
        let peers: Vec<&str> = PEERS.iter().map(|peer| peer.engine).collect();
        assert_eq!(peers, engines);
        let ours = include_str!("../../../runtime-core/Cargo.toml");
        for peer in PEERS {
            // The engine may be a changed copy; the peer has it as it was published.
            let (name, rest) = peer.dependency.split_once(" = { ").expect("a table");
            let rest = rest.trim_end_matches(" }");
            let begins = format!("{name} = {{ ");
            let mut lines = ours.lines().filter(|line| line.starts_with(&begins));
            let first = lines.next().expect("it is a dependency of ours");
            assert!(first.contains(rest), "{first}");
            assert!(lines.all(|line| line.contains(rest)), "{name}");
        }
    }
}
