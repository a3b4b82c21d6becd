import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import type { CvEvent } from "../event.js";
import { Widget, type WidgetProps } from "../Widget.js";
import { gistOf } from "../gist.js";
import { FeedRow } from "./FeedRow.js";
import type { Feed } from "./useFeed.js";

interface FeedListProps extends WidgetProps {
  title: string;
  feed: Feed;
  error: Error | null;
}

/** Every event as it arrives. It stands still while it is paused or a row is open, and says how many wait. */
export function FeedList({ feed, error, ...frame }: FeedListProps) {
  const [open, setOpen] = useState<string | null>(null);
  const [paused, setPaused] = useState(false);
  const [wanted, setWanted] = useState("");
  const [current, setCurrent] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);

  const rows = feed.rows.filter((event) => matches(event, wanted));
  // One row is in the tab order: the one last visited, or the first.
  const reachable = rows.some(({ id }) => id === current) ? current : rows[0]?.id;

  const still = paused || rows.some(({ id }) => id === open);
  const { hold, release } = feed;
  useEffect(() => (still ? hold() : release()), [still, hold, release]);

  function showWaiting(): void {
    setOpen(null);
    setPaused(false);
    list.current?.scrollTo({ top: 0 });
  }

  return (
    <Widget
      {...frame}
      actions={
        <button type="button" className="cv-button" aria-pressed={paused} onClick={() => setPaused(!paused)} data-testid="feed-pause">
          {paused ? "Go on" : "Pause"}
        </button>
      }
    >
      <input
        className="cv-search"
        type="search"
        placeholder="Filter by type, page, session or text"
        aria-label="Filter events"
        value={wanted}
        onChange={(change) => setWanted(change.target.value)}
        data-testid="feed-filter"
      />
      <p className="cv-waiting" role="status">
        {feed.waiting.length > 0 && (
          <button type="button" className="cv-button" onClick={showWaiting} data-testid="feed-waiting">
            Show {feed.waiting.length} new
          </button>
        )}
      </p>
      {rows.length === 0 ? (
        <p className="cv-empty">{emptyText(feed, error, wanted)}</p>
      ) : (
        <Rows list={list}>
          {rows.map((event) => (
            <FeedRow
              key={event.id}
              event={event}
              open={event.id === open}
              reachable={event.id === reachable}
              onFocus={() => setCurrent(event.id)}
              onToggle={() => setOpen(event.id === open ? null : event.id)}
              onSession={setWanted}
            />
          ))}
        </Rows>
      )}
    </Widget>
  );
}

/** The list; arrow keys go from row to row. */
function Rows({ list, children }: { list: RefObject<HTMLOListElement | null>; children: ReactNode }) {
  function move(event: KeyboardEvent): void {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>(".cv-row-button") ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const steps: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: buttons.length - 1 };
    const to = steps[event.key];
    if (at === -1 || to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  return (
    <ol ref={list} className="cv-rows" aria-label="Events, newest first" onKeyDown={move} data-testid="feed">
      {children}
    </ol>
  );
}

function emptyText(feed: Feed, error: Error | null, wanted: string): string {
  if (feed.rows.length > 0) return `None of the last ${feed.rows.length} events matches “${wanted}”.`;
  if (feed.loaded) return "No event has arrived yet.";
  return error ? `This cannot be shown: ${error.message}` : "Loading…";
}

function matches(event: CvEvent, wanted: string): boolean {
  const needle = wanted.trim().toLowerCase();
  if (needle === "") return true;
  return [event.type, event.path, event.sessionId, gistOf(event)].some((text) => text?.toLowerCase().includes(needle));
}
