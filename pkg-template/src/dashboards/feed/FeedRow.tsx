import { type CvEvent, familyOf } from "../event.js";
import { formatWhen } from "../format.js";
import { gistOf } from "../gist.js";

interface FeedRowProps {
  event: CvEvent;
  open: boolean;
  /** Whether the tab key stops here; the arrow keys reach the others. */
  reachable: boolean;
  onFocus: () => void;
  onToggle: () => void;
  /** Asks to see only this session. */
  onSession: (sessionId: string) => void;
}

export function FeedRow({ event, open, reachable, onFocus, onToggle, onSession }: FeedRowProps) {
  const { type, path, sessionId, at } = event;
  const gist = gistOf(event);
  return (
    <li className={`cv-row is-${familyOf(type)}`} data-testid="feed-row" data-type={type} data-id={event.id}>
      <button
        type="button"
        className="cv-row-button"
        aria-expanded={open}
        tabIndex={reachable ? 0 : -1}
        onFocus={onFocus}
        onClick={onToggle}
      >
        <bdi className="cv-row-type">{type}</bdi>
        <time className="cv-row-time" dateTime={at === null ? undefined : new Date(at).toISOString()}>
          {at === null ? "no time" : formatWhen(at, Date.now())}
        </time>
        <span className="cv-row-gist">
          {path && <bdi className="cv-row-path">{path}</bdi>}
          {gist && <bdi>{gist}</bdi>}
        </span>
        {sessionId && <Session id={sessionId} />}
      </button>
      {open && (
        <div className="cv-row-whole" data-testid="feed-detail">
          {sessionId && (
            <button type="button" className="cv-button" onClick={() => onSession(sessionId)}>
              Only this session
            </button>
          )}
          <pre tabIndex={0} aria-label={`The whole event ${event.id}`}>
            {wholeText(event.whole)}
          </pre>
        </div>
      )}
    </li>
  );
}

/** The end of the session id in a colour of its own, so that one visitor can be followed with the eye. */
function Session({ id }: { id: string }) {
  return (
    <span className={`cv-session is-hue-${hueOf(id)}`} title={`Session ${id}`}>
      {id.slice(-4)}
    </span>
  );
}

const HUES = 6;

function hueOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return hash % HUES;
}

const LONGEST = 20_000;

function wholeText(whole: unknown): string {
  const text = JSON.stringify(whole, null, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… ${text.length - LONGEST} more characters` : text;
}
