const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const exactClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** "14:03", local time. */
export const minuteOf = (at: number): string => clock.format(at);

/** "14:03:09", local time. */
export const clockOf = (at: number): string => exactClock.format(at);
