//! A sink that keeps what it was given, with the habits of a browser: the tests' twin of the HTTP sink.

use std::cell::RefCell;

use super::{Sink, Urgency, Way};
use crate::queue::Encoded;
use crate::wire::pixel;

/// What browsers allow in flight by beacon and keepalive together, bytes.
const QUOTA: usize = 65_536;

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemorySink {
    /// Ways that take nothing here.
    pub broken: Vec<Way>,
    /// What was taken, in order; nothing is ever answered.
    pub posts: RefCell<Vec<Post>>,
    /// Events taken as images.
    pub pixels: RefCell<Vec<Encoded>>,
}

/// A body that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// How it travels.
    pub way: Way,
    /// How much time there was.
    pub urgency: Urgency,
    /// What its answer will be known by.
    pub ticket: u32,
    /// The body.
    pub body: String,
}

impl MemorySink {
    /// How the bodies travelled.
    pub fn ways(&self) -> Vec<Way> {
        self.posts.borrow().iter().map(|post| post.way).collect()
    }

    /// Bytes that outlive the page.
    pub fn kept_alive(&self) -> usize {
        self.posts.borrow().iter().filter(|post| post.way != Way::Plain).map(|post| post.body.len()).sum()
    }
}

impl Sink for MemorySink {
    fn post(&self, way: Way, urgency: Urgency, ticket: u32, body: &str) -> bool {
        let fits = way == Way::Plain || self.kept_alive() + body.len() <= QUOTA;
        let taken = fits && !self.broken.contains(&way);
        if taken {
            self.posts.borrow_mut().push(Post { way, urgency, ticket, body: body.into() });
        }
        taken
    }

    fn pixel(&self, event: &Encoded) -> bool {
        let fits = pixel::url("/p.gif", &event.json, "").is_some();
        if fits {
            self.pixels.borrow_mut().push(event.clone());
        }
        fits
    }
}
