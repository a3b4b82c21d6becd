import { FeedList } from "./feed/FeedList.js";
import { type LiveListeners, useGivenFeed, useLiveFeed } from "./feed/useFeed.js";
import type { WidgetProps } from "./Widget.js";

/** Either the collector's events as they arrive, or those the caller has. */
export type LiveFeedProps = WidgetProps & (LiveProps | { events: readonly unknown[] });

interface LiveProps extends LiveListeners {
  /** The collector's API ("/api"), and its read token if it asks for one. */
  endpoint: string;
  token?: string | undefined;
}

/** Every event as it arrives, newest first: filtered, paused, opened. */
export function LiveFeed(props: LiveFeedProps) {
  return "endpoint" in props ? <Live {...props} /> : <Given {...props} />;
}

function Live({ endpoint, token, onStatus, onArrival, title = "Live events", ...frame }: WidgetProps & LiveProps) {
  const { error, ...feed } = useLiveFeed({ url: endpoint, token }, { onStatus, onArrival });
  return <FeedList {...frame} title={title} feed={feed} error={error} />;
}

function Given({ events, title = "Events", ...frame }: WidgetProps & { events: readonly unknown[] }) {
  return <FeedList {...frame} title={title} feed={useGivenFeed(events)} error={null} />;
}
