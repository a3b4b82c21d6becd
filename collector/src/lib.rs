//! The ChatVitals collector: receives events, keeps them in SQLite, answers queries and serves the dashboard.
//!
//! The rooms, in the order an event walks through them:
//!
//! | room | takes → gives |
//! |---|---|
//! | [`config`] | flags and environment → a [`config::Config`] |
//! | [`server`] | a config → a listening server (the composition root) |
//! | [`listen`], [`guard`] | connections → requests that may come in, by origin, rate and token |
//! | [`ingest`] | an HTTP request → a checked [`store::Batch`], or the reason why not |
//! | [`writer`] | batches → group commits; nothing is acknowledged before it is durable |
//! | [`store`] | batches ↔ SQLite |
//! | [`answers`] | stored events → sessions → the numbers of the dashboard |
//! | [`query`], [`sessions`], [`metrics`], [`summary`], [`live`] | the store → JSON and server-sent events |
//! | [`retention`] | old events → room |
//! | [`site`], [`demo`] | embedded files → pages and scripts |
//! | [`telemetry`], [`health`] | what the collector counts about itself |

pub mod answers;
pub mod app;
pub mod asked;
pub mod client;
pub mod clock;
pub mod config;
pub mod demo;
pub mod fault;
pub mod guard;
pub mod health;
pub mod ingest;
pub mod listen;
pub mod live;
pub mod metrics;
pub mod query;
pub mod question;
pub mod retention;
pub mod server;
pub mod sessions;
pub mod site;
pub mod store;
pub mod summary;
pub mod telemetry;
pub mod window;
pub mod writer;
