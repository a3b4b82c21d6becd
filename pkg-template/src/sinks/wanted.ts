/** A sink's options, given whole or as the address alone; a mistake is loud at once. */
export function withUrl<Options extends { url: unknown }>(sink: string, given: string | Options): Options {
  const options = typeof given === "string" ? ({ url: given } as unknown as Options) : given;
  if (!options?.url) throw new TypeError(`ChatVitals: ${sink} wants a "url" to send to, but was given ${JSON.stringify(given) ?? "nothing"}`);
  return options;
}
