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
            let (name, rest) = peer.dependency.split_once(' ').expect("it has a name");
            let version = rest.split('"').nth(1).expect("it has a version");
            let mut lines = ours.lines().filter(|line| line.starts_with(name));
            // The engine may be a changed copy; the peer has it as it was published.
            let version = format!("version = \"{version}\"");
            assert!(
                lines.all(|line| line.contains(&version) || !line.contains('{')),
                "{name}"
            );
            assert!(ours.contains(&version), "{name}");
        }
    }
}
