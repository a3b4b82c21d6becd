import { formatDuration } from "../format.js";
import type { Turn } from "./story.js";

/** How an answer came: the wait for the first token, then the tokens, to scale. */
export function TurnBar({ turn: { ttftMs, totalMs, outcome }, longestMs }: { turn: Turn; longestMs: number }) {
  if (totalMs === null && ttftMs === null) return <p className="cv-note">No answer was seen.</p>;
  const waited = Math.min(ttftMs ?? totalMs ?? 0, totalMs ?? Infinity);
  const whole = totalMs ?? waited;
  const scale = (ms: number) => `${longestMs > 0 ? (ms / longestMs) * 100 : 0}%`;
  const parts = [
    ttftMs === null ? null : `first token after ${formatDuration(ttftMs)}`,
    totalMs === null ? null : outcome === "abandoned" ? `given up after ${formatDuration(totalMs)}` : `whole answer after ${formatDuration(totalMs)}`,
    outcome === null || outcome === "natural" || outcome === "abandoned" ? null : outcome,
  ];
  return (
    <div className="cv-turn">
      <svg aria-hidden="true" focusable="false">
        <rect className="is-wait" width={scale(waited)} height="100%" rx="3" />
        <rect className={outcome === "natural" ? "is-stream" : "is-cut"} x={scale(waited)} width={scale(whole - waited)} height="100%" rx="3" />
      </svg>
      <p className="cv-note">{parts.filter((part) => part !== null).join(", ")}</p>
    </div>
  );
}
