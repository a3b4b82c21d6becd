//! The collector's promises, asked of the real server over real HTTP.

mod guard;
mod ingest;
mod live;
mod pixel;
mod pressure;
mod process;
mod query;
mod site;
mod support;
