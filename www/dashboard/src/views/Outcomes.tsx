import { AgentAssistRate, AhtHistogram, CsatDistribution, DeflectionTrend, GmvBreakdown } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { parseReport } from '../answers';
import { metric } from '../api';
import type { AgentAssistReport, CsatReport, DeflectionReport, GmvReport, HandleTimeReport } from '../reports';
import { useAnswer } from '../useAnswer';

/** Whether people are helped, and what it earns. */
export function Outcomes({ address }: { address: Address }) {
  const deflection = useAnswer(metric('deflection', address), parseReport<DeflectionReport>);
  const csat = useAnswer(metric('csat', address), parseReport<CsatReport>);
  const handleTime = useAnswer(metric('handle-time', address), parseReport<HandleTimeReport>);
  const assist = useAnswer(metric('agent-assist', address), parseReport<AgentAssistReport>);
  const gmv = useAnswer(metric('gmv', address, { groupByCategory: 'true' }), parseReport<GmvReport>);
  return (
    <>
      <AgentAssistRate {...assist} className="cv-wide" />
      <DeflectionTrend {...deflection} />
      <CsatDistribution {...csat} />
      <AhtHistogram {...handleTime} />
      <GmvBreakdown {...gmv} />
    </>
  );
}
