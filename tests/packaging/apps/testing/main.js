import { createTestTracker } from "chatvitals/testing";

window.createTestTracker = createTestTracker;
