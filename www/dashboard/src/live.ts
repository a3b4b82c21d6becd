/** The live stream: every event the collector stores, as it stores it. */
import { withToken } from './access';
import { type CvEvent, parseMessage } from './event';

export type LiveStatus = 'connecting' | 'live' | 'reconnecting';

interface LiveHandlers {
  onEvent: (event: CvEvent) => void;
  onStatus: (status: LiveStatus) => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;

/** Listens until the returned function is called. */
export function listenLive(url: string, { onEvent, onStatus }: LiveHandlers): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = '';
  let failures = 0;

  function connect(): void {
    source = new EventSource(withToken(lastId === '' ? url : `${url}?lastEventId=${encodeURIComponent(lastId)}`));
    source.onopen = () => {
      failures = 0;
      onStatus('live');
    };
    source.onerror = () => {
      onStatus('reconnecting');
      // After a lost connection the browser tries again by itself and says where it stopped. After an HTTP error
      // (a proxy's 502 while the collector restarts) it gives up for good, so we do both.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS));
      failures += 1;
    };
    source.addEventListener('event', (message: MessageEvent<string>) => {
      lastId = message.lastEventId;
      const event = parseMessage(message.data);
      if (event) onEvent(event);
    });
  }

  onStatus('connecting');
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
