//! The part of a plan that is about Android.

use serde::Serialize;

use super::{Chosen, Planning};
use crate::native::ident;
use crate::spec::{Abi, Artifact, Said, Spec};

/// What is made for Android.
#[derive(Clone, Debug, Serialize)]
pub struct AndroidPlan {
    /// The kinds of processor, in the order of the triples.
    pub abis: Vec<Chosen<Abi>>,
    /// The API level of the oldest system.
    pub min_sdk: Chosen<u32>,
    /// The name of the package.
    pub package: Chosen<String>,
    /// What is made.
    pub artifacts: Vec<Chosen<Artifact>>,
    /// Whether the spec itself asks for the AAR, which is made by default where it can be.
    pub is_aar_asked: bool,
}

impl AndroidPlan {
    /// Whether this is made.
    pub fn makes(&self, artifact: Artifact) -> bool {
        self.artifacts.iter().any(|made| made.value == artifact)
    }
}

impl Planning<'_> {
    pub(super) fn android(&self, spec: &Spec) -> AndroidPlan {
        let said = &spec.android;
        let package = match &said.package {
            Some(package) => self.chosen(package),
            None => self.chosen(&Said::default(format!(
                "dev.tailor.{}",
                ident(&spec.name.value)
            ))),
        };
        AndroidPlan {
            abis: said.abis.iter().map(|abi| self.chosen(abi)).collect(),
            min_sdk: self.chosen(&said.min_sdk),
            package,
            is_aar_asked: said
                .artifacts
                .iter()
                .any(|made| made.value == Artifact::Aar && made.at.is_some()),
            artifacts: said
                .artifacts
                .iter()
                .map(|made| self.chosen(made))
                .collect(),
        }
    }
}
