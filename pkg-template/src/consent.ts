import type { Call } from "./call.js";
import type { Consent, Options } from "./options.js";

/** Whether events may leave: the rules of src/policy/consent.rs. */
export type Gate = "open" | "held" | "closed";

/** The gate after these calls, and those of them that were made while it was not closed. */
export function passGate(calls: Call[], options: Options): [Gate, Call[]] {
  const { consent, respectConsent = true, respectGpc = true } = options;
  const withheld = respectGpc && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  let gate: Gate = !respectConsent ? "open" : withheld ? "closed" : consent == null ? "open" : decide("held", consent);
  let passed: Call[] = [];
  for (const call of calls) {
    if (call.consent && respectConsent) gate = decide(gate, call.consent);
    if (gate === "closed") passed = [];
    else passed.push(call);
  }
  return [gate, passed];
}

function decide(gate: Gate, posture: Consent): Gate {
  if (posture === "analytics" || posture === "all") return "open";
  return posture === "functional" && gate === "held" ? "held" : "closed";
}
