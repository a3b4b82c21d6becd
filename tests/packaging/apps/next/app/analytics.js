"use client";

import { createTracker } from "chatvitals";
import { ChatVitalsProvider } from "chatvitals/react";

const tracker = createTracker({ endpoint: "/api/events", batch: { intervalMs: 50 } });

export function Analytics({ children }) {
  return <ChatVitalsProvider tracker={tracker}>{children}</ChatVitalsProvider>;
}
