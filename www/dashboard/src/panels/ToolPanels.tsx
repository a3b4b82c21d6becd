import { Answered, Bars, DataTable, Widget, formatCount, formatDuration, formatShare } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { type Tools, parseTools } from '../answers';
import { metric } from '../api';
import { useAnswer } from '../useAnswer';

/** What the assistant called, and what went wrong. */
export function ToolPanels({ address }: { address: Address }) {
  const { data, error } = useAnswer(metric('tools', address), parseTools);
  const busy = !data && !error;
  return (
    <>
      <Widget title="Tools" busy={busy} testId="tools">
        <Answered report={data} error={error} isEmpty={({ tools }) => tools.length === 0} empty="The assistant called no tool in this time.">
          {({ tools }) => <ToolTable tools={tools} />}
        </Answered>
      </Widget>
      <Widget title="Errors" busy={busy} testId="errors">
        <Answered report={data} error={error} isEmpty={({ errors }) => errors.length === 0} empty="No error in this time.">
          {({ errors }) => <ErrorBars errors={errors} />}
        </Answered>
      </Widget>
    </>
  );
}

function ToolTable({ tools }: Pick<Tools, 'tools'>) {
  const time = (ms: number | null) => (ms === null ? '–' : formatDuration(ms));
  return (
    <div className="cv-scroll" tabIndex={0} role="group" aria-label="Tools">
      <DataTable
        caption="Tools by calls"
        columns={['Tool', 'Calls', 'Failed', 'Median', 'p95']}
        rows={tools.map(({ name, calls, errors, p50Ms, p95Ms }) => [
          name,
          formatCount(calls),
          calls > 0 ? formatShare(errors / calls) : '–',
          time(p50Ms),
          time(p95Ms),
        ])}
      />
    </div>
  );
}

function ErrorBars({ errors }: Pick<Tools, 'errors'>) {
  const most = Math.max(1, ...errors.map(({ count }) => count));
  return (
    <Bars
      caption="Errors by type and code"
      heads={['Error', 'Times']}
      bars={errors.map(({ type, code, count }) => ({ label: `${type}: ${code}`, share: count / most, value: formatCount(count), tone: 'poor' }))}
    />
  );
}
