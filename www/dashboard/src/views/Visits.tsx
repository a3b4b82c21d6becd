import { Answered, ConversationTrace, Widget, formatDuration, formatMany, formatWhen } from 'chatvitals/dashboards';
import { useState } from 'react';
import type { Address } from '../address';
import { type Visit, parseEvents, parseVisits } from '../answers';
import { visit, visits } from '../api';
import { Link } from '../components/Link';
import type { Go } from '../useAddress';
import { useAnswer } from '../useAnswer';

interface VisitsProps {
  address: Address;
  go: Go;
}

/** The visits of the window; one of them as a story. */
export function Visits({ address, go }: VisitsProps) {
  return (
    <>
      <List address={address} go={go} />
      {address.visit !== null && <Story key={address.visit} sessionId={address.visit} address={address} go={go} />}
    </>
  );
}

const PAGE = 50;
/** What the collector lists at once. */
const MOST = 1000;

function List({ address, go }: VisitsProps) {
  const [limit, setLimit] = useState(PAGE);
  const { data, error } = useAnswer(visits(address, limit), parseVisits);
  return (
    <Widget
      title="Visits"
      className={address.visit === null ? 'cv-wide' : 'cv-beside'}
      busy={!data && !error}
      testId="visits-list"
      actions={
        <label className="cv-check">
          <input type="checkbox" checked={address.chat} onChange={(event) => go({ chat: event.target.checked })} data-testid="only-chats" /> Only with a chat
        </label>
      }
    >
      <Answered report={data} error={error} isEmpty={({ visits }) => visits.length === 0} empty="Nobody came in this time.">
        {({ visits, more }) => (
          <>
            <ul className="cv-visits">
              {visits.map((each) => (
                <li key={each.sessionId} data-testid="visit">
                  <Link address={address} to={{ visit: each.sessionId }} go={go} current={each.sessionId === address.visit}>
                    <Line visit={each} />
                  </Link>
                </li>
              ))}
            </ul>
            {more && limit < MOST && (
              <button type="button" className="cv-button" onClick={() => setLimit(Math.min(MOST, limit * 4))}>
                Show older visits
              </button>
            )}
          </>
        )}
      </Answered>
    </Widget>
  );
}

const OUTCOMES = new Map([
  ['purchase', 'bought'],
  ['handoff', 'human'],
  ['resolution', 'settled'],
  ['csat', 'rated'],
]);

function Line({ visit: { start, end, views, turns, entryPath, device, outcome } }: { visit: Visit }) {
  const facts = [formatDuration(end - start), formatMany(views, 'view'), turns > 0 ? formatMany(turns, 'question') : null, device];
  return (
    <>
      <bdi className="cv-visit-path">{entryPath ?? 'no page'}</bdi>
      <time className="cv-visit-time" dateTime={new Date(start).toISOString()}>
        {formatWhen(start, Date.now())}
      </time>
      <span className="cv-note">{facts.filter((fact) => fact !== null).join(' · ')}</span>
      {outcome !== null && <span className={`cv-outcome is-${outcome === 'handoff' ? 'fair' : 'good'}`}>{OUTCOMES.get(outcome) ?? outcome}</span>}
    </>
  );
}

function Story({ sessionId, address, go }: VisitsProps & { sessionId: string }) {
  const { data, error } = useAnswer(visit(sessionId), parseEvents);
  return (
    <div className="cv-story-side">
      <p>
        <Link address={address} to={{ visit: null }} go={go}>
          All visits
        </Link>
      </p>
      <ConversationTrace events={data} error={error} testId="story" />
    </div>
  );
}
