import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { CvEvent } from '../event';
import { gistOf } from '../gist';
import type { Feed } from '../useFeed';
import { FeedRow } from './FeedRow';

/** Every event as it arrives. It stands still while it is paused or a row is open, and says how many wait. */
export function FeedPanel({ feed }: { feed: Feed }) {
  const [open, setOpen] = useState<string | null>(null);
  const [paused, setPaused] = useState(false);
  const [wanted, setWanted] = useState('');
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

  function move(event: KeyboardEvent): void {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('.cv-row-button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (at === -1) return;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  return (
    <section className="cv-panel cv-feed" aria-labelledby="feed-title">
      <header className="cv-panel-head">
        <h2 id="feed-title" tabIndex={-1}>
          Live events
        </h2>
        <button type="button" className="cv-button" aria-pressed={paused} onClick={() => setPaused(!paused)} data-testid="feed-pause">
          {paused ? 'Go on' : 'Pause'}
        </button>
      </header>
      <div className="cv-search">
        <input
          type="search"
          placeholder="Filter by type, page, session or text"
          aria-label="Filter events"
          value={wanted}
          onChange={(change) => setWanted(change.target.value)}
          data-testid="feed-filter"
        />
      </div>
      <p className="cv-waiting" role="status">
        {feed.waiting.length > 0 && (
          <button type="button" className="cv-button" onClick={showWaiting} data-testid="feed-waiting">
            Show {feed.waiting.length} new
          </button>
        )}
      </p>
      {rows.length === 0 ? (
        <p className="cv-empty">{emptyText(feed, wanted)}</p>
      ) : (
        <ol ref={list} className="cv-rows" aria-label="Events, newest first" onKeyDown={move} data-testid="feed">
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
        </ol>
      )}
    </section>
  );
}

function emptyText(feed: Feed, wanted: string): string {
  if (feed.rows.length > 0) return `None of the last ${feed.rows.length} events matches “${wanted}”.`;
  return feed.loaded ? 'No event has arrived yet.' : 'Loading…';
}

function matches(event: CvEvent, wanted: string): boolean {
  const needle = wanted.trim().toLowerCase();
  if (needle === '') return true;
  return [event.type, event.path, event.sessionId, gistOf(event)].some((text) => text?.toLowerCase().includes(needle));
}
