"use client";

import { useImpressionRef, useTracker } from "chatvitals/react";

export function SignUp() {
  const tracker = useTracker();
  const seen = useImpressionRef({ messageId: "m-1", role: "assistant" });
  return (
    <p ref={seen}>
      <button onClick={() => tracker.track("signup", { plan: "pro" })}>Sign up</button>
    </p>
  );
}
