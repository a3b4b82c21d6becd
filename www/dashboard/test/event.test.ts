import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CvEvent, familyOf, parseEvent, parseMessage } from '../../../pkg-template/src/dashboards/event';
import { gistOf } from '../../../pkg-template/src/dashboards/gist';

const gist = (type: string, properties: unknown) => gistOf(parseEvent({ id: '1', type, properties }) as CvEvent);

test('a message that is no event is ignored', () => {
  for (const data of ['', 'null', '[]', '7', '{"id":1,"type":"x"}', '{"type":"x"}', '{"id":"1"}']) {
    assert.equal(parseMessage(data), null, data);
  }
});

test('fields of a wrong type count as absent', () => {
  const event = parseEvent({ id: '1', type: 'x', timestamp: 'soon', sessionId: 5, path: ['/'], properties: 'none' });
  assert.deepEqual(
    { at: event?.at, sessionId: event?.sessionId, path: event?.path, properties: event?.properties },
    { at: null, sessionId: null, path: null, properties: {} },
  );
});

test('the gist names what matters for the type', () => {
  assert.equal(gist('page_leave', { engagedMs: 20_400, maxScrollPercent: 82 }), '20.4 s engaged, scrolled 82 %');
  assert.equal(gist('web_vital', { name: 'LCP', value: 2300, rating: 'good' }), 'LCP 2.3 s, good');
  assert.equal(gist('web_vital', { name: 'CLS', value: 0.02, rating: 'good' }), 'CLS 0.02, good');
  assert.equal(gist('click', { selector: 'main#main>ul>li:nth-of-type(3)>button' }), '… li:nth-of-type(3) > button');
  assert.equal(gist('csat_submitted', { score: 4, maxScore: 5 }), '4 of 5');
  assert.equal(gist('purchase_completed', { revenue: 52, currency: 'EUR', orderId: 'LG-1' }), '52 EUR, LG-1');
  assert.equal(gist('wind_chosen', { kmPerHour: 28, list: [1], gusty: false }), 'kmPerHour: 28, gusty: false');
});

test('an answer’s gist says how long, why it ended, what it used', () => {
  const usage = { inputTokens: 320, outputTokens: 82 };
  assert.equal(gist('assistant_response_completed', { totalMs: 1700, finishReason: 'natural', usage, model: 'm-1' }), '1.7 s in all, 320 + 82 tokens, m-1');
  assert.equal(gist('assistant_response_completed', { durationMs: 900, finishReason: 'errored', usage: { totalTokens: 9 } }), '900 ms in all, errored, 9 tokens');
});

test('a gist counts what is there, and is silent of none', () => {
  assert.equal(gist('user_message_sent', { charCount: 50, attachmentCount: 0 }), '50 characters');
  assert.equal(gist('response_stalled', { stallCount: 1, longestStallMs: 2800 }), '1 pause, longest 2.8 s');
});

test('a missing or wrong property leaves its part of the gist out', () => {
  assert.equal(gist('page_leave', { maxScrollPercent: 82 }), 'scrolled 82 %');
  assert.equal(gist('web_vital', { name: {}, value: 'NaN', rating: [] }), '');
  assert.equal(gist('page_view', undefined), '');
});

test('types that are names of JavaScript itself are types like any other', () => {
  for (const type of ['constructor', '__proto__', 'hasOwnProperty', 'toString']) {
    assert.equal(familyOf(type), 'custom');
    assert.equal(gist(type, { a: 1 }), 'a: 1');
  }
});

test('a gist of any length fits the row', () => {
  assert.ok(gist('page_view', { title: 'x'.repeat(100_000) }).length < 200);
});

test('each event belongs to the family a reader would look for', () => {
  const expected = {
    page_view: 'page',
    scroll_depth: 'page',
    session_started: 'session',
    session_abandoned: 'error',
    cta_click: 'click',
    rage_click: 'error',
    web_vital: 'vital',
    js_error: 'error',
    error_shown: 'error',
    user_message_sent: 'chat',
    assistant_response_first_token: 'chat',
    turn_abandoned: 'error',
    file_upload_failed: 'error',
    file_upload_completed: 'chat',
    csat_submitted: 'outcome',
    resolution_without_escalation: 'outcome',
    purchase_completed: 'outcome',
    wind_chosen: 'custom',
  };
  for (const [type, family] of Object.entries(expected)) assert.equal(familyOf(type), family, type);
});
