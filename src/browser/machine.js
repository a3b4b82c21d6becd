// Clocks, chance and timers.

export const wallClock = () => Date.now();

// Where there is no monotonic clock the other one must do.
export const pageClock = () => (globalThis.performance ?? Date).now();

// 32 random bits, from the browser's generator where there is one.
export function chance() {
  try {
    return crypto.getRandomValues(new Uint32Array(1))[0];
  } catch {
    return Math.random() * 2 ** 32;
  }
}

// Whether the browser signals Global Privacy Control.
export const wantsPrivacy = () => !!navigator.globalPrivacyControl;

// Calls `hear` with the signal after so many ms.
export const wake = (hear, signal, ms) => setTimeout(hear, ms, signal, 0, [], "");

export const cancel = (timer) => clearTimeout(timer);
