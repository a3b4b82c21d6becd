/** What wasm-bindgen makes of `src/metrics/js.rs`; the build puts its output in this module's place. */
declare module "chatvitals-metrics-wasm" {
  type Compute = (events: unknown, options?: unknown) => never;
  export const computeDeflectionRate: Compute;
  export const computeCsat: Compute;
  export const computeAverageHandleTime: Compute;
  export const computeAgentAssistRate: Compute;
  export const computeGmv: Compute;
  export const computeVitals: Compute;
  export const computeTurnLatency: Compute;
  export const computeFunnel: Compute;
  export const computeAbandonment: Compute;
  export const computeEngagement: Compute;
  export function isOutcomeEvent(event: unknown): boolean;
  export function outcomeKind(event: unknown): never;
  export default function init(from: { module_or_path: string | URL | BufferSource }): Promise<unknown>;
}
