// What is heard, by the numbers that `mod.rs` knows too.
export const SHOWN = 0;
export const HIDDEN = 1;
export const FOCUSED = 2;
export const BLURRED = 3;
export const LEFT = 4;
export const RESTORED = 5;
export const FROZEN = 6;
export const TICK = 7;
export const ACTIVE = 8;
export const ROUTE = 9;
export const SCROLLED = 10;
export const CLICKED = 11;
export const DEAD = 12;
export const FAILED = 13;
export const SEEN = 14;
export const ONLINE = 15;
export const STORED = 16;
// Those from 17 on are the answers to requests (http.js) and the timers (machine.js), and from here on those of vitals.js.
export const VITALS = 32;
