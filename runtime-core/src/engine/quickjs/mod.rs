//! The QuickJS backend: small and fast, written in C.
