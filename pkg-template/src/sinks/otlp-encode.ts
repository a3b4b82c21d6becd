import type { Attributes } from "./otlp-attributes.js";

// OTLP's JSON: lower camel case, ids as hex, enums as numbers, 64-bit numbers as decimal strings
// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).

export type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } };

export interface KeyValue {
  key: string;
  value: AnyValue;
}

/** Longest text of an attribute, UTF-16 units. */
const MAX_TEXT = 8192;

/**
 * Attributes as OTLP has them. A number's type goes by its name, not by its value, so that an attribute does not change
 * its type from one event to the next: counts and places are whole, everything measured is not.
 */
export function encodeAttributes(attributes: Attributes): KeyValue[] {
  const out: KeyValue[] = [];
  for (const [key, value] of Object.entries(attributes)) {
    const encoded = encode(value, isCount(key));
    if (encoded) out.push({ key, value: encoded });
  }
  return out;
}

/** ms since 1970 as nanoseconds: too large for a number, so as the text of one. */
export function nanos(ms: number): string {
  return `${Math.floor(ms)}${String(Math.floor((ms % 1) * 1e6)).padStart(6, "0")}`;
}

function encode(value: unknown, isWhole: boolean): AnyValue | undefined {
  switch (typeof value) {
    case "string":
      return { stringValue: value.slice(0, MAX_TEXT) };
    case "boolean":
      return { boolValue: value };
    case "number":
      if (!Number.isFinite(value)) return undefined;
      return isWhole && Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    case "object": {
      if (value === null) return undefined;
      const type = Array.isArray(value) && typeof value[0];
      if (Array.isArray(value) && type !== "object" && value.every((element) => typeof element === type)) {
        return { arrayValue: { values: value.flatMap((element) => encode(element, isWhole) ?? []) } };
      }
      return encode(toJson(value), false);
    }
    default:
      return undefined;
  }
}

function toJson(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function isCount(key: string): boolean {
  return /(^|[._])(count|index|tokens|bytes|line|column|turns)$/.test(key) || key === "chatvitals.percent";
}
