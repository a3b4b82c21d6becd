import { ChatFunnel, TurnLatency } from 'chatvitals/dashboards';
import type { Address } from '../address';
import { parseReport } from '../answers';
import { metric } from '../api';
import { AbandonmentPanel } from '../panels/AbandonmentPanel';
import { ToolPanels } from '../panels/ToolPanels';
import { TransportPanel } from '../panels/TransportPanel';
import type { FunnelReport, LatencyReport } from '../reports';
import { useAnswer } from '../useAnswer';

/** Whether the chat works, and how fast it is. */
export function Chat({ address }: { address: Address }) {
  const latency = useAnswer(metric('latency', address), parseReport<LatencyReport>);
  const funnel = useAnswer(metric('funnel', address), parseReport<FunnelReport>);
  return (
    <>
      <TurnLatency {...latency} />
      <div className="cv-stack">
        <ChatFunnel {...funnel} />
        <AbandonmentPanel address={address} />
        <TransportPanel address={address} />
      </div>
      <ToolPanels address={address} />
    </>
  );
}
