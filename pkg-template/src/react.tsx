"use client";
// React as a thin skin: the tracker is made outside and handed in, hooks state facts that may be heard twice.
import {
  Component,
  type ContextType,
  type ErrorInfo,
  type ReactNode,
  type RefCallback,
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Chat, ChatOptions, SeenMessage } from "./chat.js";
import { type ChatKitCallbacks, chatkitCallbacks } from "./chatkit.js";
import type { Consent } from "./options.js";
import { watchSeen } from "./seen.js";
import type { PageView, Tracker } from "./tracker.js";

/** What the provider hands down. */
interface Provided {
  tracker: Tracker;
  consent: Consent | undefined;
  setConsent(consent: Consent): void;
  /** The page view that was reported by hand last. */
  shown: { view?: string; forgetting?: ReturnType<typeof setTimeout> };
}

const Context = createContext<Provided | undefined>(undefined);

/** Hands a tracker, made outside of React by `createTracker`, to the hooks below it. */
export function ChatVitalsProvider({ tracker, children }: { tracker: Tracker; children?: ReactNode }) {
  const [consent, remember] = useState(tracker.consent);
  const [shown] = useState<Provided["shown"]>({});
  const former = useRef(tracker);
  useEffect(() => {
    // A hot reload of the tracker's module makes another one; nobody holds the former any more.
    if (former.current !== tracker) former.current.shutdown();
    former.current = tracker;
  }, [tracker]);
  const provided = useMemo(
    () => ({
      tracker,
      consent,
      setConsent(decision: Consent) {
        tracker.setConsent(decision);
        remember(decision);
      },
      shown,
    }),
    [tracker, consent, shown],
  );
  return <Context.Provider value={provided}>{children}</Context.Provider>;
}

/** The tracker of the provider above. */
export function useTracker(): Tracker {
  return useProvided("useTracker").tracker;
}

/** The chat of that conversation (without an id, the page's only chat): the same one in every component that asks. */
export function useChat(conversationId?: string | null, { instance, root }: ChatOptions = {}): Chat {
  const { tracker } = useProvided("useChat");
  return useMemo(() => tracker.chat(conversationId, { instance, root }), [tracker, conversationId, instance, root]);
}

/**
 * The callbacks of ChatKit that measure: `useChatKit({ …, ...useChatObservability() })`. Where ChatKit is recognised by
 * itself, everything still counts once.
 */
export function useChatObservability(): ChatKitCallbacks {
  const { tracker } = useProvided("useChatObservability");
  return useMemo(() => chatkitCallbacks(tracker), [tracker]);
}

/**
 * A ref for the element that shows a message. When half of it is visible (or it fills half of the window), the message
 * counts as seen, once per message.
 *
 * ```tsx
 * <article ref={useImpressionRef(message, chat)}>…</article>
 * ```
 */
export function useImpressionRef(message: SeenMessage | undefined, chat?: Chat): RefCallback<Element> {
  const { tracker } = useProvided("useImpressionRef");
  const latest = useRef(message);
  useEffect(() => {
    latest.current = message;
  });
  const stop = useRef<() => void>(undefined);
  const messageId = message?.messageId;
  return useCallback(
    (element: Element | null) => {
      stop.current?.();
      stop.current = undefined;
      if (!element || !messageId) return;
      stop.current = watchSeen(element, () => {
        // The newest of what is known of this message, such as an error that came while it was written.
        const seen = latest.current?.messageId === messageId ? latest.current : message;
        if (seen) (chat ?? tracker.chat()).trackMessageImpression(seen);
      });
    },
    // `message` is made anew on every render; only its id makes it another one.
    [tracker, chat, messageId],
  );
}

/** What the visitor decided, as far as this page knows, and how to change it. */
export function useConsent(): { consent: Consent | undefined; setConsent(consent: Consent): void } {
  const { consent, setConsent } = useProvided("useConsent");
  return { consent, setConsent };
}

/**
 * Reports a page view by hand when the component is shown, and again when `view` changes: for trackers with
 * `page: { views: false }`, or whose routes the address does not tell.
 */
export function usePageView(view: PageView = {}): void {
  const { tracker, shown } = useProvided("usePageView");
  const key = JSON.stringify(view);
  useEffect(() => {
    clearTimeout(shown.forgetting);
    if (shown.view !== key) tracker.page(JSON.parse(key));
    shown.view = key;
    return () => {
      // StrictMode takes a component away and puts it back at once; a visitor who returns needs longer.
      shown.forgetting = setTimeout(() => (shown.view = undefined));
    };
  }, [tracker, shown, key]);
}

/** What stands in for a part of the page that failed. */
export type Fallback = ReactNode | ((failure: { error: unknown; reset: () => void }) => ReactNode);

/** Shows `fallback` where something below it throws, and reports the error as a `js_error`. */
export class TrackedErrorBoundary extends Component<
  { children?: ReactNode; fallback?: Fallback; onError?: (error: unknown, info: ErrorInfo) => void },
  { failure?: { error: unknown } }
> {
  static contextType = Context;
  declare context: ContextType<typeof Context>;
  state: { failure?: { error: unknown } } = {};

  static getDerivedStateFromError(error: unknown) {
    return { failure: { error } };
  }

  componentDidCatch(error: unknown, info: ErrorInfo) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
    const where = /at (\w+)/.exec(info.componentStack ?? "")?.[1];
    this.context?.tracker.track("js_error", {
      type: `error:${name}`,
      source: where && `<${where}>`,
      fingerprint: fingerprint(`${name}|${message}|${where}`),
      message,
    });
    this.props.onError?.(error, info);
  }

  reset = () => this.setState({ failure: undefined });

  render() {
    const { failure } = this.state;
    const { children, fallback = null } = this.props;
    if (!failure) return children;
    return typeof fallback === "function" ? fallback({ error: failure.error, reset: this.reset }) : fallback;
  }
}

/** The same eight digits for the same error (FNV-1a). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function useProvided(hook: string): Provided {
  const provided = useContext(Context);
  if (!provided) throw new Error(`ChatVitals: ${hook} wants a <ChatVitalsProvider tracker={…}> above it, but there is none`);
  return provided;
}
