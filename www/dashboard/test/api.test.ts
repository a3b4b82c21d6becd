import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Address, readAddress, writeAddress } from '../src/address';
import { parseReport, parseSummary, parseVisits } from '../src/answers';
import { metric, urlOf } from '../src/api';

const answer = {
  range: '1h',
  now: '2026-11-20T07:51:37.084Z',
  visitors: 2,
  sessions: 3,
  views: 4,
  activeNow: 1,
  eventsPerMinute: [{ minute: '2026-11-20T07:51:00.000Z', count: 9 }],
  topPages: [{ path: '/', views: 4, visitors: 2 }],
  byType: [{ type: 'page_view', count: 4 }],
  avgEngagedMs: null,
  avgScrollPercent: 61.5,
  delivery: { trackers: 1, captured: 9, sent: 8, lost: 1, retried: 0, dropped: { sampled: 2, consent: 1 } },
};

test('the collector’s answer becomes numbers and times', () => {
  const summary = parseSummary(answer);
  assert.equal(summary.now, Date.parse('2026-11-20T07:51:37.084Z'));
  assert.deepEqual(summary.eventsPerMinute, [{ minute: Date.parse('2026-11-20T07:51:00Z'), count: 9 }]);
  assert.equal(summary.avgEngagedMs, null);
  assert.equal(summary.avgScrollPercent, 61.5);
  assert.deepEqual(summary.delivery.dropped, [{ name: 'sampled', count: 2 }, { name: 'consent', count: 1 }]);
});

test('an answer in another shape says what was wanted and what was given', () => {
  assert.throws(() => parseSummary({ ...answer, views: '4' }), /needs a number as `views`, got "4"/);
  assert.throws(() => parseSummary({ ...answer, now: 'today' }), /needs an ISO 8601 time as `now`, got "today"/);
  assert.throws(() => parseSummary({ ...answer, topPages: undefined }), /needs a list as `topPages`, got nothing/);
  assert.throws(() => parseSummary(null), /got nothing/);
});

test('a report and a list of visits are taken as what they are, or refused', () => {
  assert.throws(() => parseReport({ error: 'no' }), /needs a `trend`/);
  const line = { sessionId: 's', start: 1, end: 2, events: 3, views: 1, turns: 0, entryPath: null, device: 'mobile', outcome: null };
  assert.deepEqual(parseVisits({ sessions: [line], next: 'x' }), { visits: [line], more: true });
  assert.throws(() => parseVisits({ sessions: [{ ...line, start: 'now' }] }), /needs a number as `start`/);
});

test('an address says what is shown, and nothing that goes without saying', () => {
  const shown: Address = { view: 'visits', range: '7d', route: '/a b', device: null, campaign: 'x&y=1', visit: 's-1', chat: true };
  assert.deepEqual(readAddress(writeAddress(shown)), shown);
  assert.equal(writeAddress(readAddress('')), '.');
  assert.equal(writeAddress({ ...shown, view: 'chat' }), '?view=chat&range=7d&route=%2Fa+b&campaign=x%26y%3D1');
});

test('an address nobody would write shows the overview', () => {
  for (const search of ['?view=constructor&range=2h', '?range=', '?view=&route=&visit=']) {
    assert.deepEqual(readAddress(search), { view: 'overview', range: '24h', route: null, device: null, campaign: null, visit: null, chat: false });
  }
});

test('a question carries the filters; short windows are asked by where they begin', () => {
  const address = readAddress('?range=1h&device=mobile');
  assert.equal(urlOf(metric('csat', address), 10_000_000), '/api/metrics/csat?device=mobile&from=6400000');
  assert.equal(urlOf(metric('gmv', { ...address, range: '7d' }, { limit: '5' }), 1), '/api/metrics/gmv?limit=5&device=mobile&range=7d');
});
