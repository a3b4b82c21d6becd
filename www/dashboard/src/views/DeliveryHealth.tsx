import { Bars, Figures, Widget, formatCount, formatMany } from 'chatvitals/dashboards';
import type { Delivery } from '../answers';
import { exactShare } from '../share';

/** Why events are dropped on purpose, in words. */
const REASONS = new Map([
  ['consent', 'No consent'],
  ['sampled', 'Sampled away'],
  ['overflow', 'More than the buffer held'],
  ['oversized', 'Larger than a request may be'],
]);

/** Whether what is captured arrives: the trackers' own accounts, so that loss is seen and not guessed. */
export function DeliveryHealth({ delivery }: { delivery: Delivery | undefined }) {
  return (
    <>
      <Widget title="Delivery" busy={!delivery} testId="delivery-health" className="cv-wide">
        <Figures
          figures={[
            { testId: 'captured', label: 'Captured', value: delivery?.captured, format: formatCount, note: delivery && `by ${formatMany(delivery.trackers, 'tracker')}` },
            { testId: 'sent', label: 'Sent', value: delivery?.sent, format: formatCount, note: delivery && sentNote(delivery) },
            { testId: 'lost', label: 'Lost', value: delivery?.lost, format: formatCount, tone: delivery && delivery.lost > 0 ? 'poor' : 'good', note: 'given up, or a tab that died' },
            { testId: 'retried', label: 'Retried', value: delivery?.retried, format: formatCount, note: 'requests' },
          ]}
        />
      </Widget>
      <Widget title="Dropped on purpose" busy={!delivery} testId="dropped" className="cv-wide">
        {delivery?.dropped.length ? <Reasons dropped={delivery.dropped} /> : <p className="cv-empty">{delivery ? 'Nothing was dropped on purpose.' : 'Loading…'}</p>}
      </Widget>
    </>
  );
}

/** Of all that was not dropped on purpose. */
function sentNote({ sent, captured, dropped }: Delivery): string | undefined {
  const wanted = captured - dropped.reduce((sum, { count }) => sum + count, 0);
  return wanted > 0 ? `${exactShare(Math.min(1, sent / wanted))} of what was to be sent` : undefined;
}

function Reasons({ dropped }: Pick<Delivery, 'dropped'>) {
  const most = Math.max(1, ...dropped.map(({ count }) => count));
  return (
    <Bars
      caption="Events dropped on purpose, by reason"
      heads={['Reason', 'Events']}
      bars={dropped.map(({ name, count }) => ({ label: REASONS.get(name) ?? name, share: count / most, value: formatCount(count), tone: 'soft' }))}
    />
  );
}
