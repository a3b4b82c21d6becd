const POLL_MS = 25;
const DEADLINE_MS = 20_000;

/** Waits until `condition` holds. The deadline only bounds a failing test; a passing one never waits for it. */
export async function until(condition, what = () => String(condition), deadlineMs = DEADLINE_MS) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`waited in vain for: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
