import { RANGES, type Range } from '../api';
import type { LiveStatus } from '../live';

const STATUS: Record<LiveStatus, string> = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' };

const RANGE_NAMES: Record<Range, string> = {
  '5m': '5 minutes',
  '1h': '1 hour',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

interface HeaderProps {
  range: Range;
  onRange: (range: Range) => void;
  status: LiveStatus;
}

export function Header({ range, onRange, status }: HeaderProps) {
  return (
    <header className="cv-head">
      <h1 className="cv-brand">
        <img src="icon.svg" alt="" width="28" height="28" /> ChatVitals
      </h1>
      <p className={`cv-status is-${status}`} role="status" data-testid="status">
        {STATUS[status]}
      </p>
      <fieldset className="cv-ranges">
        <legend className="cv-unseen">Time range</legend>
        {RANGES.map((each) => (
          <label key={each} title={RANGE_NAMES[each]}>
            <input
              type="radio"
              name="range"
              value={each}
              checked={each === range}
              onChange={() => onRange(each)}
              aria-label={RANGE_NAMES[each]}
              data-testid={`range-${each}`}
            />
            <span aria-hidden="true">{each}</span>
          </label>
        ))}
      </fieldset>
    </header>
  );
}
