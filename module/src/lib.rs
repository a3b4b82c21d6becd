//! The WebAssembly module a browser downloads: everything that the crate chatvitals exports to JavaScript, linked.

extern crate chatvitals as _;
