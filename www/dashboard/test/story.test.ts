import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellStory } from '../../../pkg-template/src/dashboards/story/story';

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 8, 0, second)).toISOString();
const event = (id: string, type: string, second: number, properties = {}, more = {}) => ({ id, type, timestamp: at(second), sessionId: 's', path: '/', properties, ...more });

test('a visit is told in order, from its first moment', () => {
  const story = tellStory([event('c', 'click', 9), event('a', 'session_started', 0), event('b', 'page_view', 1), { nonsense: true }]);
  assert.deepEqual(story.steps.map(({ type, after }) => [type, after]), [['session_started', 0], ['page_view', 1000], ['click', 9000]]);
  assert.equal(story.sessionId, 's');
});

test('vitals of one page are one step', () => {
  const story = tellStory([
    event('a', 'web_vital', 0, { name: 'LCP', value: 2300, rating: 'good' }),
    event('b', 'web_vital', 1, { name: 'CLS', value: 0.02, rating: 'good' }),
    event('c', 'web_vital', 2, { name: 'LCP', value: 900, rating: 'good' }, { path: '/other' }),
  ]);
  assert.equal(story.events, 3);
  assert.deepEqual(story.steps.map(({ gist }) => gist), ['LCP 2.3 s, good · CLS 0.02, good', 'LCP 900 ms, good']);
});

test('a question knows how its answer came, also when a turn number comes again', () => {
  const turn = { turnIndex: 0 };
  const story = tellStory([
    event('a', 'user_message_sent', 0, {}, turn),
    event('b', 'assistant_response_first_token', 1, { ttftMs: 1000 }, turn),
    event('c', 'assistant_response_completed', 4, { totalMs: 4000, finishReason: 'natural' }, { ...turn, traceId: 't', spanId: 'p' }),
    event('d', 'user_message_sent', 10, {}, turn),
    event('e', 'turn_abandoned', 15, { waitedMs: 5000 }, turn),
    event('f', 'user_message_sent', 20, {}, { turnIndex: 1 }),
  ]);
  const turns = story.steps.flatMap(({ turn }) => turn ?? []);
  assert.deepEqual(turns, [
    { index: 0, ttftMs: 1000, totalMs: 4000, outcome: 'natural', trace: { traceId: 't', spanId: 'p', runId: null } },
    { index: 0, ttftMs: null, totalMs: 5000, outcome: 'abandoned', trace: null },
    { index: 1, ttftMs: null, totalMs: null, outcome: null, trace: null },
  ]);
});

test('events without a readable time come last, and nothing is nothing', () => {
  const { id } = tellStory([{ id: 'x', type: 'click', timestamp: 'soon' }, event('a', 'page_view', 0)]).steps[1] ?? {};
  assert.equal(id, 'x');
  assert.deepEqual(tellStory([]), { sessionId: null, start: null, end: null, events: 0, steps: [] });
});
