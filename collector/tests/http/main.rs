//! The collector's promises, asked of the real server over real HTTP.

mod durability;
mod guard;
mod ingest;
mod live;
mod pixel;
mod pressure;
mod query;
mod site;
mod support;
