// @ts-check
// ChatVitals → Anosys, from an API key. Copy this file into your application.
//
//   import { createTracker } from "chatvitals";
//   import { anosysSinkFor } from "./anosys-key-resolution.js";
//   createTracker({ sink: anosysSinkFor("YOUR_ANOSYS_API_KEY", { workflowId: "wf_…" }) });
//
// Events wait until the key is resolved. The answer's `hook`, which is code, is never looked at; and no other secret
// belongs into a browser: threads are not fetched, what happens is observed.
import { anosysSink } from "chatvitals/sinks/anosys";

const RESOLVER = "https://console.anosys.ai/api/resolveapikeys";
/** Where payloads go without a key, or when it cannot be resolved. */
const FALLBACK = "https://www.anosys.ai";

/**
 * @param {string} apiKey
 * @param {Omit<import("chatvitals/sinks/anosys").AnosysOptions, "url"> & { resolver?: string }} [options]
 */
export function anosysSinkFor(apiKey, { resolver = RESOLVER, ...options } = {}) {
  return anosysSink({ ...options, url: resolve(apiKey, resolver) });
}

/** @param {string} apiKey @param {string} resolver @returns {Promise<string>} */
async function resolve(apiKey, resolver) {
  if (!apiKey) return FALLBACK;
  try {
    const response = await fetch(`${resolver}?${new URLSearchParams({ apikey: apiKey, type: "chatkit" })}`);
    const { apiUrl } = await response.json();
    return response.ok && typeof apiUrl === "string" && apiUrl ? apiUrl : FALLBACK;
  } catch {
    return FALLBACK;
  }
}
