import { Choice, type LiveStatus } from 'chatvitals/dashboards';
import { type Address, RANGES, type Range, VIEWS, type View } from '../address';
import type { Go } from '../useAddress';
import { Link } from './Link';

const STATUS: Record<LiveStatus, string> = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' };

const RANGE_NAMES: Record<Range, string> = {
  '5m': '5 minutes',
  '1h': '1 hour',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

const RANGE_OPTIONS = RANGES.map((range) => ({ value: range, label: range, title: RANGE_NAMES[range], testId: `range-${range}` }));

export const VIEW_NAMES: Record<View, string> = {
  overview: 'Overview',
  chat: 'Chat',
  outcomes: 'Outcomes',
  visits: 'Visits',
  live: 'Live',
  delivery: 'Delivery',
};

interface HeaderProps {
  address: Address;
  go: Go;
  status: LiveStatus;
}

export function Header({ address, go, status }: HeaderProps) {
  return (
    <header className="cv-head">
      <h1 className="cv-brand">
        <img src="icon.svg" alt="" width="28" height="28" /> ChatVitals
      </h1>
      <p className={`cv-status is-${status}`} role="status" data-testid="status">
        {STATUS[status]}
      </p>
      <Choice label="Time range" options={RANGE_OPTIONS} value={address.range} onChoose={(range) => go({ range })} />
      <nav className="cv-nav" aria-label="Views">
        {VIEWS.map((view) => (
          <Link key={view} address={address} to={{ view, visit: null }} go={go} current={view === address.view}>
            {VIEW_NAMES[view]}
          </Link>
        ))}
      </nav>
    </header>
  );
}
