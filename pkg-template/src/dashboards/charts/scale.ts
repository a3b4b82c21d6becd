/** Charts are drawn in a box of this height and one unit per point, and stretched by the browser. */
export const HEIGHT = 100;

/** The next round number: a scale that does not jump with every event. */
export function niceTop(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return step * power;
}

/** Where a value is on the scale, from the top of the box. */
export const down = (value: number, top: number): number => HEIGHT * (1 - Math.min(1, Math.max(0, value / top)));
