import { Answered, Bars, Figures, Widget, formatCount, formatDuration, formatMany, formatShare } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { parseReport } from '../answers';
import { metric } from '../api';
import type { AbandonmentReport } from '../reports';
import { useAnswer } from '../useAnswer';

/** Who gives up on the chat, and when. */
export function AbandonmentPanel({ address }: { address: Address }) {
  const { data, error } = useAnswer(metric('abandonment', address), parseReport<AbandonmentReport>);
  return (
    <Widget title="Giving up" busy={!data && !error}>
      <Answered report={data} error={error} isEmpty={({ turns, opened }) => turns + opened === 0} empty="Nobody used the chat in this time.">
        {({ rate, abandoned, turns, beforeFirstToken, streaming, waitedMs, opened, neverAsked, neverAskedRate }) => (
          <>
            <Figures
              figures={[
                { testId: 'abandoned', label: 'Gave up waiting', value: rate, format: formatShare, note: `${formatCount(abandoned)} of ${formatMany(turns, 'turn')}` },
                { label: 'Waited', value: waitedMs.p50, format: formatDuration, note: 'median' },
                { label: 'Never asked', value: neverAskedRate, format: formatShare, note: `${formatCount(neverAsked)} of ${formatMany(opened, 'chat')} opened` },
              ]}
            />
            <Bars
              caption="Turns that were given up, by when"
              heads={['When', 'Turns']}
              bars={[
                { label: 'Before the first token', share: abandoned > 0 ? beforeFirstToken / abandoned : 0, value: formatCount(beforeFirstToken), tone: 'poor' },
                { label: 'While it answered', share: abandoned > 0 ? streaming / abandoned : 0, value: formatCount(streaming), tone: 'fair' },
              ]}
            />
          </>
        )}
      </Answered>
    </Widget>
  );
}
