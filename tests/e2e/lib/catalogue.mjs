// Every event of the catalogue with plausible properties, from the JSON Schema that is made of it.
import { readFileSync } from "node:fs";

const schema = JSON.parse(readFileSync(new URL("../../../pkg-template/schemas/product-analytics.schema.json", import.meta.url), "utf8"));

/** `[type, properties]` of each: every field is there, content too. */
export const catalogue = Object.entries(schema.$defs).map(([type, def]) => [
  type,
  Object.fromEntries(Object.entries(def.properties ?? {}).map(([name, field]) => [name, sample(name, field)])),
]);

/** The JSON type of an event's field: `string`, `number`, `integer`, `boolean`, `array` or `object`. */
export function kindOf(type, field) {
  return schema.$defs[type].properties[field].type;
}

function sample(name, { type }) {
  switch (type) {
    case "integer":
      return 3;
    case "number":
      return 12.5;
    case "boolean":
      return true;
    case "array":
      return name === "items" ? [{ productId: "p1", name: "kite", quantity: 1, unitPrice: 5, category: "toys" }] : ["a", "b"];
    case "object":
      return { x: 1, inputTokens: 5, y: { z: "deep" } };
    default:
      return name === "traceId" ? "0af7651916cd43dd8448eb211c80319c" : name === "spanId" ? "b7ad6b7169203331" : `a ${name}`;
  }
}
