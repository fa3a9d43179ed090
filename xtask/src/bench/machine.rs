//! The machine that measures, so that figures can be read beside each other.

use std::fs;

use serde::Serialize;

use crate::machine::toolchain::Toolchain;

/// What is known of it.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    processor: String,
    cores: usize,
    system: String,
    rustc: String,
}

impl Machine {
    /// Asks the system.
    pub(super) fn find(toolchain: &Toolchain) -> Self {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            processor: model(&processors)
                .unwrap_or(std::env::consts::ARCH)
                .to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {}", std::env::consts::OS, release.trim())
                .trim()
                .to_owned(),
            rustc: toolchain.rustc.clone(),
        }
    }

    /// One line.
    pub(super) fn to_text(&self) -> String {
        let cores = if self.cores == 1 { "core" } else { "cores" };
        format!(
            "{}, {} {cores}; {}; {}",
            self.processor, self.cores, self.system, self.rustc
        )
    }
}

fn model(processors: &str) -> Option<&str> {
    let line = processors
        .lines()
        .find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, model)| model.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_found() {
        assert_eq!(model("processor\t: 0\nmodel name\t: A B\n"), Some("A B"));
        assert_eq!(model("processor\t: 0\n"), None);
    }
}
