/** The value in the middle of those that there are; `undefined` when there are none. */
export function median(values) {
  const sorted = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, smallest and largest. */
export function spread(values) {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === 0) return undefined;
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers), count: numbers.length };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the jobs, at most `width` at a time; answers come in the order of the jobs. */
export async function pool(jobs, width) {
  const answers = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const index = next++;
      answers[index] = await jobs[index]();
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, worker));
  return answers;
}
