//! What was begun and is not over: tools, approvals, uploads. Bounded; the oldest is forgotten.

use crate::list::keep;

/// How many at once per chat; clients run a handful.
const MOST: usize = 50;

/// What is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A tool call.
    Tool,
    /// A question whether a tool may run.
    Approval,
    /// A file on its way.
    Upload,
}

/// One thing under way. Ids and names are kept as the JSON they came in.
#[derive(Debug, Clone)]
pub struct Begun {
    /// What.
    pub task: Task,
    /// Its id; empty for a client without ids.
    pub id: String,
    /// The tool's name, or the upload's kind.
    pub name: String,
    /// Size of an upload.
    pub bytes: String,
    /// When it began.
    pub at: f64,
}

/// Everything under way in one chat.
#[derive(Debug, Clone, Default)]
pub struct Pending(Vec<Begun>);

impl Pending {
    /// Begins; `false` when it was begun before under the same id.
    pub fn begin(&mut self, begun: Begun) -> bool {
        if !begun.id.is_empty() && self.0.iter().any(|one| one.task == begun.task && one.id == begun.id) {
            return false;
        }
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(begun);
        true
    }

    /// Ends the one with this id, or, for a client without ids, the oldest of this name.
    pub fn end(&mut self, task: Task, id: &str, name: &str) -> Option<Begun> {
        let at = self.0.iter().position(|one| {
            one.task == task
                && (if id.is_empty() { name.is_empty() || one.name == name } else { one.id == id })
        })?;
        Some(self.0.remove(at))
    }

    /// Whether the turn waits for a tool, or for the visitor to allow one.
    pub fn is_waiting(&self) -> bool {
        self.0.iter().any(|one| one.task != Task::Upload)
    }

    /// The turn is over: nobody waits for its tools any longer.
    pub fn end_turn(&mut self) {
        keep(&mut self.0, &mut |one| one.task == Task::Upload);
    }
}
