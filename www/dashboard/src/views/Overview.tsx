import { Columns, Figures, VitalsPanel, Widget, familyOf, formatCount, formatDuration, formatMany, formatPercent } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { type Summary, parseReport } from '../answers';
import { metric } from '../api';
import { EngagementPanel } from '../panels/EngagementPanel';
import { Ranking } from '../components/Ranking';
import { minuteOf } from '../time';
import { useAnswer } from '../useAnswer';
import type { VitalsReport } from '../reports';

/** Who is here, and how the pages are for them. */
export function Overview({ address, summary }: { address: Address; summary: Summary | null }) {
  const vitals = useAnswer(metric('vitals', address), parseReport<VitalsReport>);
  return (
    <>
      <Now summary={summary} />
      <Rate minutes={summary?.eventsPerMinute ?? null} />
      <EngagementPanel address={address} />
      <VitalsPanel {...vitals} />
      <Rankings summary={summary} />
    </>
  );
}

function Now({ summary }: { summary: Summary | null }) {
  return (
    <Widget title="Visitors" className="cv-wide" busy={summary === null}>
      <Figures
        figures={[
          { testId: 'active-now', label: 'Active now', value: summary?.activeNow, format: formatCount, note: 'last 5 minutes', tone: 'good' },
          { testId: 'visitors', label: 'Visitors', value: summary?.visitors, format: formatCount },
          { testId: 'sessions', label: 'Sessions', value: summary?.sessions, format: formatCount },
          { testId: 'views', label: 'Page views', value: summary?.views, format: formatCount },
          { testId: 'avg-engaged', label: 'Engaged time', value: summary?.avgEngagedMs, format: formatDuration, note: 'mean of a view' },
          { testId: 'avg-scroll', label: 'Scrolled', value: summary?.avgScrollPercent, format: formatPercent, note: 'mean of a view' },
        ]}
      />
    </Widget>
  );
}

function Rate({ minutes }: { minutes: Summary['eventsPerMinute'] | null }) {
  return (
    <Widget title="Events per minute" className="cv-wide" busy={minutes === null}>
      {minutes?.length ? (
        <Columns
          label="Events per minute"
          heads={['Minute', 'Events']}
          columns={minutes.map(({ minute, count }) => ({ label: minuteOf(minute), value: count }))}
          format={(count) => formatMany(count, 'event')}
          growing
        />
      ) : (
        <p className="cv-empty">{minutes ? 'No minute to show.' : 'Loading…'}</p>
      )}
    </Widget>
  );
}

function Rankings({ summary }: { summary: Summary | null }) {
  return (
    <>
      <Ranking
        title="Top pages"
        testId="top-pages"
        heads={['Page', 'Views', 'Visitors']}
        empty="No page was viewed in this time."
        rows={summary?.topPages.map(({ path, views, visitors }) => ({ label: path, value: views, note: formatMany(visitors, 'visitor') })) ?? null}
      />
      <Ranking
        title="Events by type"
        testId="by-type"
        heads={['Type', 'Events']}
        empty="No event in this time."
        rows={summary?.byType.map(({ type, count }) => ({ label: type, value: count, tone: familyOf(type) })) ?? null}
      />
    </>
  );
}
