//! The one list of everything the tracker can know: event names, their fields and types, which fields are content,
//! which events are never sampled away and which are outcomes. JSON Schema, TypeScript types and the README's table
//! are made from it.

mod chat;
mod commerce;
mod intelligence;
mod page;
mod rich;
mod session;

/// What the catalogue says about one type of event.
#[derive(Debug)]
pub struct EventDef {
    /// The name on the wire, such as `page_view`.
    pub name: &'static str,
    /// Sampling never drops it.
    pub critical: bool,
    /// It tells how a conversation or a visit ended, so metrics count on every one of them.
    pub outcome: bool,
    /// Its properties, in the order they are written.
    pub fields: &'static [Field],
    /// What it means, in a sentence.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// One property of an event.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire, such as `durationMs`.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FieldKind,
    /// Whether it is always there, sometimes, or only when content is let through.
    pub presence: Presence,
    /// What it means: units, ranges, the words it can take.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// The type of a property's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A string.
    Text,
    /// A string holding an absolute or relative URL; cleaned before it leaves.
    Url,
    /// A finite number.
    Number,
    /// A whole number, 0 or more.
    Count,
    /// `true` or `false`.
    Boolean,
    /// An array.
    List,
    /// An object.
    Object,
}

/// When a property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Always,
    /// When it was observed. Absent means unknown, never 0.
    Observed,
    /// It may carry what a person wrote, read or chose: only with `includeContent`, and then when observed.
    Content,
}

impl EventDef {
    /// The definition of one property.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether any property is content.
    pub fn has_content(&self) -> bool {
        self.fields.iter().any(|field| field.presence == Presence::Content)
    }
}

/// Declares a family of events as constants and lists them.
macro_rules! events {
    ($( $constant:ident $name:literal $([$($flag:ident),*])? $doc:literal {
        $( $field:ident : $kind:ident $($presence:ident)? $field_doc:literal ),* $(,)?
    } )*) => {
        $(
            #[doc = $doc]
            pub const $constant: &$crate::catalogue::EventDef = &$crate::catalogue::EventDef {
                name: $name,
                fields: &[ $( $crate::catalogue::Field {
                    name: stringify!($field),
                    kind: $crate::catalogue::FieldKind::$kind,
                    presence: $crate::catalogue::events!(@presence $($presence)?),
                    #[cfg(not(target_arch = "wasm32"))]
                    doc: $field_doc,
                } ),* ],
                critical: $crate::catalogue::events!(@flag critical $($($flag)*)?),
                outcome: $crate::catalogue::events!(@flag outcome $($($flag)*)?),
                #[cfg(not(target_arch = "wasm32"))]
                doc: $doc,
            };
        )*
        pub(super) const ALL: &[&$crate::catalogue::EventDef] = &[ $($constant),* ];
    };
    (@presence) => { $crate::catalogue::Presence::Always };
    (@presence observed) => { $crate::catalogue::Presence::Observed };
    (@presence content) => { $crate::catalogue::Presence::Content };
    (@flag critical critical $($rest:ident)*) => { true };
    (@flag outcome outcome $($rest:ident)*) => { true };
    (@flag $wanted:ident) => { false };
    (@flag $wanted:ident $other:ident $($rest:ident)*) => { $crate::catalogue::events!(@flag $wanted $($rest)*) };
}
use events;

pub use chat::*;
pub use commerce::*;
pub use intelligence::*;
pub use page::*;
pub use rich::*;
pub use session::*;

/// Every event there is, by family.
pub const FAMILIES: [(&str, &[&EventDef]); 6] = [
    ("Sessions", session::ALL),
    ("The page", page::ALL),
    ("The chat", chat::ALL),
    ("Rich content", rich::ALL),
    ("Commerce", commerce::ALL),
    ("Memory, signals and routing", intelligence::ALL),
];

/// Every event there is.
pub fn all() -> impl Iterator<Item = &'static EventDef> {
    FAMILIES.into_iter().flat_map(|(_, family)| family).copied()
}

/// The event of that name; `None` for the site's own events.
pub fn find(name: &str) -> Option<&'static EventDef> {
    for (_, family) in FAMILIES {
        for def in family {
            if def.name == name {
                return Some(def);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        let mut seen = std::collections::BTreeSet::new();
        for def in all() {
            assert!(seen.insert(def.name), "{} twice", def.name);
            assert!(def.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            assert!(def.name.len() <= 40, "{} is too long for GA4", def.name);
            assert!(!def.doc.is_empty());
            let mut fields = std::collections::BTreeSet::new();
            for field in def.fields {
                assert!(fields.insert(field.name), "{}.{} twice", def.name, field.name);
                assert!(!field.doc.is_empty(), "{}.{}", def.name, field.name);
            }
        }
    }

    #[test]
    fn what_sampling_must_never_drop_is_critical() {
        for name in [
            "csat_submitted",
            "resolution_submitted",
            "resolution_without_escalation",
            "session_started",
            "session_ended",
            "error_shown",
            "purchase_completed",
            "handoff_requested",
            "handoff_converted",
            "handoff_completed",
        ] {
            assert!(find(name).is_some_and(|def| def.critical), "{name}");
        }
        for def in all().filter(|def| def.outcome) {
            assert!(def.critical, "{} is an outcome that sampling would bend", def.name);
        }
    }
}
