import { Answered, DataTable, Figures, TimeChart, Widget, formatCount, formatDuration, formatPercent, formatShare } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { parseReport } from '../answers';
import { metric } from '../api';
import type { EngagementReport } from '../reports';
import { useAnswer } from '../useAnswer';

const oneDigit = (value: number): string => value.toFixed(1);
const orNothing = (value: number | null, format: (value: number) => string): string => (value === null ? '–' : format(value));

/** Visits, how much is looked at, and for how long. */
export function EngagementPanel({ address }: { address: Address }) {
  const { data, error } = useAnswer(metric('engagement', address), parseReport<EngagementReport>);
  return (
    <Widget title="Engagement" busy={!data && !error}>
      <Answered report={data} error={error} isEmpty={({ visits }) => visits === 0} empty="Nobody came in this time.">
        {(report) => (
          <>
            <Figures
              figures={[
                { testId: 'visits', label: 'Visits', value: report.visits, format: formatCount },
                { testId: 'page-views', label: 'Page views', value: report.pageViews, format: formatCount },
                { label: 'Views per visit', value: report.viewsPerVisit, format: oneDigit },
                { testId: 'bounce-rate', label: 'Left at once', value: report.bounceRate, format: formatShare, note: 'bounce rate' },
                { testId: 'engaged', label: 'Engaged', value: report.engagedMs.p50, format: formatDuration, note: 'median visit' },
              ]}
            />
            <TimeChart
              label="Visits and page views over time"
              starts={report.trend.map(({ start }) => start)}
              interval={report.interval}
              lines={[
                { label: 'Page views', values: report.trend.map(({ pageViews }) => pageViews), tone: 'accent', area: true },
                { label: 'Visits', values: report.trend.map(({ visits }) => visits), tone: 'good' },
              ]}
              format={formatCount}
            />
            <div className="cv-scroll" tabIndex={0} role="group" aria-label="Engagement by route">
              <DataTable
                caption="Engagement by route"
                columns={['Route', 'Views', 'Engaged', 'Scrolled']}
                rows={report.byRoute.map(({ key, pageViews, engagedMs, scrollPercent }) => [
                  key,
                  formatCount(pageViews),
                  orNothing(engagedMs.p50, formatDuration),
                  orNothing(scrollPercent.p50, formatPercent),
                ])}
              />
            </div>
          </>
        )}
      </Answered>
    </Widget>
  );
}
