import { type KeyboardEvent, type PointerEvent, useState } from "react";

/** Which of a chart's `count` points is being read, by pointer or by keys; null when none is. */
export function useReading(count: number) {
  const [chosen, setChosen] = useState<number | null>(null);
  const last = count - 1;
  const clamp = (at: number) => Math.max(0, Math.min(at, last));
  const index = clamp(chosen ?? last);

  function point(event: PointerEvent): void {
    const box = event.currentTarget.getBoundingClientRect();
    setChosen(clamp(Math.floor(((event.clientX - box.left) / box.width) * count)));
  }

  function move(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setChosen(clamp(to));
  }

  return {
    chosen: chosen === null ? null : clamp(chosen),
    index,
    handlers: { onPointerMove: point, onPointerLeave: () => setChosen(null), onKeyDown: move, onBlur: () => setChosen(null) },
  };
}
