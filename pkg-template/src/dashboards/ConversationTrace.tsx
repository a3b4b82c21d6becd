import { useMemo, useState } from "react";
import type { MetricsEvent } from "../metrics.types.js";
import { Answered, Widget, type WidgetProps } from "./Widget.js";
import { NOTHING, formatDuration, formatMany, formatWhen } from "./format.js";
import { TurnBar } from "./story/TurnBar.js";
import { type Step, type Story, type Trace, tellStory } from "./story/story.js";

export interface ConversationTraceProps extends WidgetProps {
  /** The events of one session, in any order. `undefined` or `null` while they are being loaded. */
  events?: readonly MetricsEvent[] | null;
  /** Why there are none. */
  error?: Error | null;
  /** Where a trace can be seen: its id becomes a link. */
  traceUrl?: (traceId: string) => string;
}

/** One visit as a story: page, click, question, tools, tokens, vitals, outcome. */
export function ConversationTrace({ events, error, traceUrl, title = "One visit", ...frame }: ConversationTraceProps) {
  const [whole, setWhole] = useState(false);
  const story = useMemo(() => (events ? tellStory(events) : null), [events]);
  const asides = story?.steps.filter(({ aside }) => aside).length ?? 0;
  return (
    <Widget
      {...frame}
      title={title}
      busy={!story && !error}
      actions={
        asides > 0 && (
          <button type="button" className="cv-button" aria-pressed={whole} onClick={() => setWhole(!whole)}>
            {whole ? "Only the story" : `Every event (${asides} more)`}
          </button>
        )
      }
    >
      <Answered report={story} error={error ?? null} isEmpty={({ steps }) => steps.length === 0} empty="Nothing is known of this visit.">
        {(story) => <Told story={story} steps={whole ? story.steps : story.steps.filter(({ aside }) => !aside)} traceUrl={traceUrl} />}
      </Answered>
    </Widget>
  );
}

interface ToldProps {
  story: Story;
  steps: readonly Step[];
  traceUrl: ConversationTraceProps["traceUrl"];
}

function Told({ story: { start, end, events, sessionId, steps: all }, steps, traceUrl }: ToldProps) {
  const longestMs = Math.max(0, ...all.map(({ turn }) => turn?.totalMs ?? turn?.ttftMs ?? 0));
  return (
    <>
      <p className="cv-note">
        {start !== null && end !== null && `${formatWhen(start, Date.now())}, ${formatDuration(end - start)}, `}
        {formatMany(events, "event")}
        {sessionId && (
          <>
            , session <code>{sessionId}</code>
          </>
        )}
      </p>
      <ol className="cv-story">
        {steps.map((step, at) => (
          <Happening key={step.id} step={step} path={step.path === steps[at - 1]?.path ? null : step.path} longestMs={longestMs} traceUrl={traceUrl} />
        ))}
      </ol>
    </>
  );
}

interface HappeningProps {
  step: Step;
  /** Where, unless it is where the step before was. */
  path: string | null;
  longestMs: number;
  traceUrl: ConversationTraceProps["traceUrl"];
}

function Happening({ step: { type, family, after, title, gist, turn }, path, longestMs, traceUrl }: HappeningProps) {
  return (
    <li className={`cv-step is-${family}`} data-type={type}>
      <span className="cv-step-time">{after === null ? NOTHING : after === 0 ? "0 s" : `+${formatDuration(after)}`}</span>
      <div>
        <p>
          <b title={type}>{turn ? `${title} (turn ${turn.index + 1})` : title}</b> {path && <bdi className="cv-path">{path}</bdi>} {gist && <bdi className="cv-gist">{gist}</bdi>}
        </p>
        {turn && <TurnBar turn={turn} longestMs={longestMs} />}
        {turn?.trace && <TraceIds trace={turn.trace} traceUrl={traceUrl} />}
      </div>
    </li>
  );
}

function TraceIds({ trace: { traceId, spanId, runId }, traceUrl }: { trace: Trace; traceUrl: ConversationTraceProps["traceUrl"] }) {
  return (
    <p className="cv-note">
      trace <code>{traceUrl ? <a href={traceUrl(traceId)}>{traceId}</a> : traceId}</code>
      {spanId && (
        <>
          {" "}
          span <code>{spanId}</code>
        </>
      )}
      {runId && (
        <>
          {" "}
          run <code>{runId}</code>
        </>
      )}
    </p>
  );
}
