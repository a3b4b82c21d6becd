import { computeCsat, ready } from "chatvitals/metrics";

const events = [3, 5].map((score) => ({ sessionId: `s${score}`, type: "csat_submitted", properties: { score, maxScore: 5 } }));

ready().then(() => {
  document.body.textContent = JSON.stringify(computeCsat(events));
});
