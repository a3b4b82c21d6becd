/** What is happening now: the numbers of a range, and every event as it arrives. */
import { TokenWanted } from './access';
import { BarList } from './components/BarList';
import { FeedPanel } from './components/FeedPanel';
import { Figures } from './components/Figures';
import { Header } from './components/Header';
import { Notice } from './components/Notice';
import { RateChart } from './components/RateChart';
import { TokenForm } from './components/TokenForm';
import { Welcome } from './components/Welcome';
import { familyOf } from './event';
import { formatClock, formatCount } from './format';
import { useFeed } from './useFeed';
import { useRange } from './useRange';
import { useSummary } from './useSummary';

export function App() {
  const [range, chooseRange] = useRange();
  const { summary, error: summaryError, refresh } = useSummary(range);
  const feed = useFeed(refresh);
  const error = summaryError ?? feed.error;

  const nothingYet = feed.loaded && feed.rows.length === 0 && feed.waiting.length === 0 && summary?.byType.length === 0;
  const locked = error instanceof TokenWanted;
  const emptyRange = summary !== null && summary.byType.length === 0;

  return (
    <>
      {!nothingYet && !locked && (
        <a className="cv-skip" href="#feed-title">
          Skip to the live events
        </a>
      )}
      <Header range={range} onRange={chooseRange} status={feed.status} />
      <main className="cv-main">
        {!locked && <Notice status={feed.status} error={error} updatedAt={summary?.now ?? null} onRetry={refresh} />}
        {locked ? (
          <TokenForm reason={error.message} />
        ) : nothingYet ? (
          <Welcome />
        ) : (
          <div className="cv-columns">
            <div className="cv-numbers" aria-busy={summary === null}>
              <Figures summary={summary} />
              <RateChart minutes={summary?.eventsPerMinute ?? null} />
              <div className="cv-pair">
                <BarList
                  title="Top pages"
                  testId="top-pages"
                  columns={['Page', 'Visitors', 'Views']}
                  empty={emptyRange ? 'No page was viewed in this time.' : 'No page views.'}
                  rows={summary?.topPages.map(({ path, views, visitors }) => ({ label: path, value: views, extra: visitors })) ?? null}
                />
                <BarList
                  title="Events by type"
                  testId="by-type"
                  columns={['Type', 'Events']}
                  empty="No event in this time."
                  rows={summary?.byType.map(({ type, count }) => ({ label: type, value: count, family: familyOf(type) })) ?? null}
                />
              </div>
            </div>
            <FeedPanel feed={feed} />
          </div>
        )}
      </main>
      <footer className="cv-foot">
        {summary && !nothingYet && (
          <>
            <p data-testid="delivery">
              Trackers report {formatCount(summary.delivery.captured)} events captured, {formatCount(summary.delivery.dropped)} dropped on
              purpose, {formatCount(summary.delivery.lost)} lost.
            </p>
            <p>Counted at {formatClock(summary.now)}.</p>
          </>
        )}
      </footer>
    </>
  );
}
