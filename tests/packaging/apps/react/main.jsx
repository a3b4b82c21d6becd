// One application with everything `chatvitals/react` has; the tests steer it through `window.app`.
import { StrictMode, Suspense, startTransition, useEffect, useState, useSyncExternalStore } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { createTracker } from "chatvitals";
import { ChatVitalsProvider, TrackedErrorBoundary, useChat, useChatObservability, useConsent, useImpressionRef, usePageView, useTracker } from "chatvitals/react";

const makeTracker = () => createTracker({ endpoint: "/api/events", batch: { intervalMs: 50 }, ...window.settings });

/** A router as small as they come. */
const routes = new Set();
const go = (path) => {
  history.pushState({}, "", path);
  routes.forEach((changed) => changed());
};
globalThis.addEventListener?.("popstate", () => routes.forEach((changed) => changed()));
const useRoute = () =>
  useSyncExternalStore(
    (changed) => (routes.add(changed), () => routes.delete(changed)),
    () => location.pathname,
    () => "/",
  );

export function App({ tracker }) {
  return (
    <StrictMode>
      <ChatVitalsProvider tracker={tracker}>
        <Consent />
        <Routes />
      </ChatVitalsProvider>
    </StrictMode>
  );
}

function Routes() {
  const route = useRoute();
  if (route === "/by-hand") return <ByHand />;
  if (route === "/chat") return <Chat />;
  if (route === "/broken") return <Broken />;
  if (route === "/slow") return <Slow />;
  return <h1>{route}</h1>;
}

function Consent() {
  const { consent, setConsent } = useConsent();
  return <button onClick={() => setConsent("analytics")}>Consent: {consent ?? "not asked"}</button>;
}

function ByHand() {
  const [tab, setTab] = useState("one");
  usePageView({ path: `/by-hand/${tab}`, title: tab });
  useEffect(() => void (window.app.setTab = setTab), []);
  return <h1>{tab}</h1>;
}

function Chat() {
  const chat = useChat("c-1");
  const same = useChat("c-1");
  const [messages, setMessages] = useState([]);
  const observed = useChatObservability();
  useEffect(() => {
    Object.assign(window.app, {
      observed,
      chatIsTheSame: chat === same,
      say: (id, error) => setMessages((all) => [...all, { messageId: id, role: "assistant", error, text: "Hello" }]),
      again: () => setMessages((all) => [...all]),
      ask: () => chat.submit({ text: "hi" }),
    });
  }, [chat, same, observed]);
  return (
    <ol>
      {messages.map((message) => (
        <Message key={message.messageId} message={message} chat={chat} />
      ))}
    </ol>
  );
}

function Message({ message: { text, ...message }, chat }) {
  return (
    <li ref={useImpressionRef(message, chat)} style={{ height: message.messageId.startsWith("long") ? "300vh" : "3em" }}>
      {text}
    </li>
  );
}

function Broken() {
  return (
    <TrackedErrorBoundary fallback={({ error, reset }) => <button onClick={reset}>{error.message}</button>}>
      <Fragile />
    </TrackedErrorBoundary>
  );
}
function Fragile() {
  if (!window.app.repaired) throw new RangeError("of my secret");
  return <h1>Repaired</h1>;
}

/** Rendered over and over while it waits, and never shown if nobody lets it be. */
let load;
const loaded = new Promise((resolve) => (load = resolve));
let isLoaded = false;
function Slow() {
  return (
    <Suspense fallback={<h1>Waiting</h1>}>
      <SlowPart />
    </Suspense>
  );
}
function SlowPart() {
  useTracker().stats();
  useImpressionRef({ messageId: "slow", role: "assistant" });
  usePageView({ path: "/slow/part" });
  if (!isLoaded) throw loaded;
  return <h1>Loaded</h1>;
}

if (typeof document !== "undefined") {
  const tracker = makeTracker();
  const place = document.getElementById("root");
  const root = place.firstElementChild ? hydrateRoot(place, <App tracker={tracker} />) : createRoot(place);
  const show = (one) => root.render(<App tracker={one} />);
  if (!place.firstElementChild) show(tracker);
  window.app = {
    tracker,
    go: (path) => startTransition(() => go(path)),
    load: () => ((isLoaded = true), load()),
    unmount: () => root.unmount(),
    /** What a hot reload of the tracker's module does. */
    replace: () => show((window.app.tracker = makeTracker())),
  };
}
