//! A crate with the name of a standard one.
