import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatDuration, formatMoney, formatShare, formatWhen } from '../../../pkg-template/src/dashboards/format';

test('durations read like a person would say them', () => {
  const expected: [number, string][] = [
    [0, '0 ms'],
    [320.4, '320 ms'],
    [999.7, '1 s'],
    [4200, '4.2 s'],
    [59_940, '59.9 s'],
    [59_980, '1 min'],
    [185_000, '3 min 5 s'],
    [3_599_900, '1 h'],
    [8_040_000, '2 h 14 min'],
  ];
  for (const [ms, text] of expected) assert.equal(formatDuration(ms), text);
});

test('a duration no visit has is shown as the number it is', () => {
  assert.equal(formatDuration(-5), '-5.0 ms');
  assert.equal(formatDuration(1e300), '1.0e+300 ms');
});

test('counts are exact while there is room for them', () => {
  assert.equal(formatCount(1234), '1,234');
  assert.equal(formatCount(123_456), '123.5K');
});

test('an event of another day shows its day', () => {
  const now = new Date(2026, 10, 20, 9, 0).getTime();
  assert.equal(formatWhen(new Date(2026, 10, 20, 7, 3, 9).getTime(), now), '07:03:09');
  assert.equal(formatWhen(new Date(2026, 10, 18, 7, 3, 9).getTime(), now), '18 Nov 07:03:09');
});

test('shares and money keep the digits that matter', () => {
  assert.deepEqual([0, 0.042, 0.4267, 0.996, 1, null].map(formatShare), ['0 %', '4.2 %', '43 %', '100 %', '100 %', '–']);
  assert.deepEqual([12.5, 1234.5, 123_456].map((amount) => formatMoney(amount, 'EUR')), ['€12.50', '€1,235', '€123.5K']);
  assert.equal(formatMoney(5, 'no code'), '5 no code');
});
