import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CvEvent, parseEvent } from '../../../pkg-template/src/dashboards/event';
import { type FeedAction, type FeedState, MOST_ROWS, emptyFeed, feedReducer } from '../../../pkg-template/src/dashboards/feed/feed';

const events = (...ids: string[]): CvEvent[] => ids.map((id) => parseEvent({ id, type: 'page_view' }) as CvEvent);
const ids = (rows: CvEvent[]) => rows.map(({ id }) => id).join(' ');
const after = (...actions: FeedAction[]): FeedState => actions.reduce(feedReducer, emptyFeed);

test('live events go on top, the last to arrive first', () => {
  const state = after({ is: 'loaded', events: events('b', 'a') }, { is: 'arrived', events: events('c', 'd') });
  assert.equal(ids(state.rows), 'd c b a');
});

test('events that stream in before the history is there stay above it, and are shown once', () => {
  const state = after({ is: 'arrived', events: events('c') }, { is: 'loaded', events: events('c', 'b', 'a') });
  assert.equal(ids(state.rows), 'c b a');
});

test('what was missed during an outage goes on top when the stream is back', () => {
  const state = after({ is: 'loaded', events: events('a') }, { is: 'loaded', events: events('c', 'b', 'a') });
  assert.equal(ids(state.rows), 'c b a');
});

test('an event that is said twice is shown once', () => {
  const state = after({ is: 'arrived', events: events('a') }, { is: 'arrived', events: events('a', 'b') });
  assert.equal(ids(state.rows), 'b a');
});

test('held, the rows stand still; released, what waited is on top', () => {
  const held = after({ is: 'loaded', events: events('a') }, { is: 'hold' }, { is: 'arrived', events: events('b', 'a', 'c') });
  assert.equal(ids(held.rows), 'a');
  assert.equal(ids(held.waiting), 'c b');
  const released = feedReducer(held, { is: 'release' });
  assert.equal(ids(released.rows), 'c b a');
  assert.equal(released.waiting.length, 0);
});

test('neither the rows nor the waiting room grow without end', () => {
  const many = events(...Array.from({ length: MOST_ROWS + 50 }, (_, i) => `e${i}`));
  const newest = many.at(-1)?.id;
  const shown = after({ is: 'arrived', events: many });
  assert.equal(shown.rows.length, MOST_ROWS);
  assert.equal(shown.rows[0]?.id, newest);
  const held = after({ is: 'hold' }, { is: 'arrived', events: many });
  assert.equal(held.waiting.length, MOST_ROWS);
  assert.equal(held.waiting[0]?.id, newest);
});
