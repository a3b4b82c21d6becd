const root = new URL("../..", import.meta.url).pathname;

export default {
  reactStrictMode: true,
  turbopack: { root },
  outputFileTracingRoot: root,
  rewrites: async () => [{ source: "/api/events", destination: `${process.env.COLLECTOR}/api/events` }],
};
