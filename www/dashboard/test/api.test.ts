import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRange, parseSummary } from '../src/api';

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
  assert.equal(summary.delivery.dropped, 3);
});

test('an answer in another shape says what was wanted and what was given', () => {
  assert.throws(() => parseSummary({ ...answer, views: '4' }), /needs a number as `views`, got "4"/);
  assert.throws(() => parseSummary({ ...answer, now: 'today' }), /needs an ISO 8601 time as `now`, got "today"/);
  assert.throws(() => parseSummary({ ...answer, topPages: undefined }), /needs a list as `topPages`, got nothing/);
  assert.throws(() => parseSummary(null), /got nothing/);
});

test('only ranges the collector knows are ranges', () => {
  assert.ok(isRange('7d'));
  for (const text of ['', '2h', 'constructor', null]) assert.equal(isRange(text), false);
});
