import { StrictMode, useEffect, useState } from "react";
import { ChatVitalsProvider, useImpressionRef, useTracker } from "chatvitals/react";
import { tracker } from "./tracker.js";

export function App() {
  return (
    <StrictMode>
      <ChatVitalsProvider tracker={tracker}>
        <Page />
      </ChatVitalsProvider>
    </StrictMode>
  );
}

function Page() {
  const tracker = useTracker();
  const [count, setCount] = useState(0);
  const seen = useImpressionRef({ messageId: "m-1", role: "assistant" });
  useEffect(() => {
    if (count) tracker.track("signup", { count });
  }, [count]);
  return (
    <main>
      <button onClick={() => setCount(count + 1)}>Sign up</button>
      <p ref={seen}>Hello</p>
    </main>
  );
}
