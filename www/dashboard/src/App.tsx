/** The dashboard: what the address asks for, and every event as it arrives. */
import { LiveFeed, type LiveStatus, formatCount } from 'chatvitals/dashboards';
import { useEffect, useState } from 'react';
import { TokenWanted, readToken } from './access';
import type { Address, View } from './address';
import { type Summary, parseEventCount, parseSummary } from './answers';
import { API, HEALTH, summary as summaryOf } from './api';
import { ArrivalsContext, createArrivals } from './arrivals';
import { FilterBar } from './components/FilterBar';
import { Header, VIEW_NAMES } from './components/Header';
import { Notice } from './components/Notice';
import { TokenForm } from './components/TokenForm';
import { Welcome } from './components/Welcome';
import { clockOf } from './time';
import { type Go, useAddress } from './useAddress';
import { useAnswer } from './useAnswer';
import { Chat } from './views/Chat';
import { DeliveryHealth } from './views/DeliveryHealth';
import { Outcomes } from './views/Outcomes';
import { Overview } from './views/Overview';
import { Visits } from './views/Visits';

export function App() {
  const [arrivals] = useState(createArrivals);
  return (
    <ArrivalsContext value={arrivals}>
      <Dashboard onArrival={arrivals.tell} />
    </ArrivalsContext>
  );
}

function Dashboard({ onArrival }: { onArrival: () => void }) {
  const [address, go] = useAddress();
  const [status, setStatus] = useState<LiveStatus>('connecting');
  const { data: summary, error, refresh } = useAnswer(summaryOf(address), parseSummary);
  const { data: stored } = useAnswer(HEALTH, parseEventCount);
  const { view } = address;
  useEffect(() => {
    document.title = `${VIEW_NAMES[view]} · ChatVitals`;
  }, [view]);

  const locked = error instanceof TokenWanted;
  const nothingYet = stored === 0;
  const feedShown = view === 'overview' || view === 'live';
  return (
    <>
      <a className="cv-skip" href="#view">
        Skip to the numbers
      </a>
      <Header address={address} go={go} status={status} />
      <main className="cv-main" id="view" tabIndex={-1}>
        <h2 className="cv-unseen">{VIEW_NAMES[view]}</h2>
        {!locked && <Notice status={status} error={error} updatedAt={summary?.now ?? null} onRetry={refresh} />}
        {locked ? (
          <TokenForm reason={error.message} />
        ) : nothingYet ? (
          <Welcome />
        ) : (
          <>
            {view !== 'live' && view !== 'delivery' && <FilterBar address={address} go={go} />}
            {view !== 'live' && (
              <div className={`cv-panels shows-${view}`}>
                <Panels address={address} go={go} summary={summary} view={view} />
              </div>
            )}
          </>
        )}
        {/* Always there, so that the page hears of arrivals; in sight where it helps. */}
        {!locked && (
          <aside className={`cv-feed shows-${view}`} hidden={!feedShown || nothingYet}>
            <LiveFeed endpoint={API} token={readToken() ?? undefined} onStatus={setStatus} onArrival={onArrival} />
          </aside>
        )}
      </main>
      {summary && !nothingYet && <Foot summary={summary} />}
    </>
  );
}

interface PanelsProps {
  address: Address;
  go: Go;
  summary: Summary | null;
  view: Exclude<View, 'live'>;
}

function Panels({ address, go, summary, view }: PanelsProps) {
  switch (view) {
    case 'overview':
      return <Overview address={address} summary={summary} />;
    case 'chat':
      return <Chat address={address} />;
    case 'outcomes':
      return <Outcomes address={address} />;
    case 'visits':
      return <Visits address={address} go={go} />;
    case 'delivery':
      return <DeliveryHealth delivery={summary?.delivery} />;
  }
}

function Foot({ summary: { delivery, now } }: { summary: Summary }) {
  const dropped = delivery.dropped.reduce((sum, { count }) => sum + count, 0);
  return (
    <footer className="cv-foot">
      <p data-testid="delivery">
        Trackers report {formatCount(delivery.captured)} events captured, {formatCount(dropped)} dropped on purpose, {formatCount(delivery.lost)} lost.
      </p>
      <p>Counted at {clockOf(now)}.</p>
    </footer>
  );
}
