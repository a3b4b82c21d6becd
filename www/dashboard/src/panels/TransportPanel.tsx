import { Answered, Figures, Widget, formatCount, formatMany } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { parseTransport } from '../answers';
import { metric } from '../api';
import { exactShare } from '../share';
import { useAnswer } from '../useAnswer';

/** Whether the connections to the assistant hold. */
export function TransportPanel({ address }: { address: Address }) {
  const { data, error } = useAnswer(metric('transport', address), parseTransport);
  return (
    <Widget title="Connection" busy={!data && !error}>
      <Answered report={data} error={error} isEmpty={({ connections }) => connections === 0} empty="No turn needed a connection in this time.">
        {({ uptime, connections, drops, errors }) => (
          <Figures
            figures={[
              { testId: 'uptime', label: 'Held', value: uptime, format: exactShare, note: `of ${formatMany(connections, 'connection')}` },
              { label: 'Broke', value: drops, format: formatCount },
              { label: 'For good', value: errors, format: formatCount, note: 'no other try' },
            ]}
          />
        )}
      </Answered>
    </Widget>
  );
}
