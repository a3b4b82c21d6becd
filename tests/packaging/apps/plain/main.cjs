const { createTracker } = require("chatvitals");

const tracker = createTracker({ endpoint: "/api/events", batch: { intervalMs: 50 } });
tracker.track("signup", { plan: "pro" });
