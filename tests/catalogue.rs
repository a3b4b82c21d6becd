//! What is made from the catalogue, so that no second list of events can drift from it: the JSON Schema, the TypeScript
//! types and the table for people. `CHATVITALS_BLESS=1 cargo test --test catalogue` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use chatvitals::catalogue::{self, EventDef, Field, FieldKind, Presence};
use serde_json::{Map, Value, json};

fn check(path: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("CHATVITALS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    // As JSON, two orders of the same members are the same: `serde_json` keeps them or sorts them, by what else is built.
    let same_json = || serde_json::from_str::<Value>(&kept).ok() == serde_json::from_str::<Value>(made).ok();
    assert!(
        kept == made || path.extension().is_some_and(|extension| extension == "json") && same_json(),
        "{} is not what the catalogue says; CHATVITALS_BLESS=1 cargo test --test catalogue writes it anew",
        path.display()
    );
}

#[test]
fn the_schema_is_the_catalogues() {
    let mut definitions = Map::new();
    let mut cases = Vec::new();
    for def in catalogue::all() {
        definitions.insert(def.name.into(), properties_schema(def));
        cases.push(json!({
            "if": {"properties": {"type": {"const": def.name}}},
            "then": {"properties": {"properties": {"$ref": format!("#/$defs/{}", def.name)}}},
        }));
    }
    let id = json!({"type": "string", "minLength": 1});
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:chatvitals:product-analytics",
        "title": "ChatVitals event",
        "description": "One event on the wire. A type that is not in the catalogue is the site's own, with properties of its own.",
        "type": "object",
        "required": ["id", "type", "timestamp", "sessionId", "properties"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "UUIDv7, made when it happened."},
            "type": {"type": "string", "minLength": 1},
            "timestamp": {"type": "string", "format": "date-time"},
            "sessionId": id,
            "viewId": id,
            "path": {"type": "string"},
            "turnIndex": {"type": "integer", "minimum": 0},
            "messageId": id,
            "responseId": id,
            "traceId": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "spanId": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "runId": id,
            "sampleRate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "properties": {"type": "object"},
            "context": {"type": "object"},
            "dimensions": {"type": "object"}
        },
        "allOf": cases,
        "$defs": definitions,
    });
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
    text.push('\n');
    check("pkg-template/schemas/product-analytics.schema.json", &text);
}

fn properties_schema(def: &EventDef) -> Value {
    let mut properties = Map::new();
    for field in def.fields {
        let mut schema = match field.kind {
            FieldKind::Text => json!({"type": "string"}),
            FieldKind::Url => json!({"type": "string", "format": "uri-reference"}),
            FieldKind::Number => json!({"type": "number"}),
            FieldKind::Count => json!({"type": "integer", "minimum": 0}),
            FieldKind::Boolean => json!({"type": "boolean"}),
            FieldKind::List => json!({"type": "array"}),
            FieldKind::Object => json!({"type": "object"}),
        };
        schema["description"] = json!(description(field));
        properties.insert(field.name.into(), schema);
    }
    let required: Vec<_> = def
        .fields
        .iter()
        .filter(|field| field.presence == Presence::Always)
        .map(|field| field.name)
        .collect();
    json!({
        "description": def.doc,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn description(field: &Field) -> String {
    match field.presence {
        Presence::Content => format!("{} Only with `includeContent`.", field.doc),
        _ => field.doc.into(),
    }
}

#[test]
fn the_typescript_types_are_the_catalogues() {
    let mut out = String::from(
        "// Made from src/catalogue by tests/catalogue.rs; edit that.\n\n\
         /** The properties of every event of the catalogue, by its name. */\nexport interface EventProperties {\n",
    );
    for def in catalogue::all() {
        writeln!(out, "  /** {} */", def.doc).unwrap();
        if def.fields.is_empty() {
            writeln!(out, "  {}: {{}};", def.name).unwrap();
            continue;
        }
        writeln!(out, "  {}: {{", def.name).unwrap();
        for field in def.fields {
            let kind = match field.kind {
                FieldKind::Text | FieldKind::Url => "string",
                FieldKind::Number | FieldKind::Count => "number",
                FieldKind::Boolean => "boolean",
                FieldKind::List => "readonly unknown[]",
                FieldKind::Object => "Record<string, unknown>",
            };
            // The turn is the tracker's to know.
            let always = field.presence == Presence::Always && field.name != "turnIndex";
            let mark = if always { "" } else { "?" };
            writeln!(out, "    /** {} */\n    {}{mark}: {kind};", description(field), field.name).unwrap();
        }
        out.push_str("  };\n");
    }
    out.push_str("}\n\n/** The name of an event of the catalogue. */\nexport type EventName = keyof EventProperties;\n");
    check("pkg-template/src/catalogue.ts", &out);
}

#[test]
fn the_table_is_the_catalogues() {
    let mut out = String::from(
        "# Events\n\nEvery event ChatVitals knows, made from `src/catalogue` by `tests/catalogue.rs`. Properties marked `?` are there\n\
         when they were observed: absent means unknown, never 0. Those marked `*` are content, and only there with\n\
         `includeContent`. Events marked ● are never sampled away.\n",
    );
    for (family, events) in catalogue::FAMILIES {
        write!(out, "\n## {family}\n\n| event | properties | meaning |\n|---|---|---|\n").unwrap();
        for def in events {
            let fields: Vec<_> =
                def.fields.iter().map(|field| format!("`{}{}`", field.name, mark(field))).collect();
            let kept = if def.critical { " ●" } else { "" };
            writeln!(out, "| `{}`{kept} | {} | {} |", def.name, fields.join(" "), def.doc).unwrap();
        }
    }
    check("docs/events.md", &out);
}

fn mark(field: &Field) -> &'static str {
    match field.presence {
        Presence::Always => "",
        Presence::Observed => "?",
        Presence::Content => "*",
    }
}
