/** The names of custom fields. */
export const isField = (name: string): boolean => /^[snb]\d{1,3}$/.test(name);

/** Custom fields in their types, as src/page/fields.rs has them; of several sources the last one decides. */
export function fieldsOf(...sources: Iterable<[string, unknown]>[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const source of sources) {
    for (const [name, given] of source) {
      const text = String(given);
      if (!isField(name)) continue;
      if (name[0] === "s") fields[name] = text.slice(0, 500);
      else if (name[0] === "n" && text.trim() && isFinite(+text)) fields[name] = +text;
      else if (name[0] === "b" && /^(true|1|false|0|)$/.test(text)) fields[name] = !/^(false|0)$/.test(text);
    }
  }
  return fields;
}
