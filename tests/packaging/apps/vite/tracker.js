import { createTracker } from "chatvitals";

export const tracker = createTracker({ endpoint: "/api/events", batch: { intervalMs: 50 } });
