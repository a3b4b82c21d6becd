// The browser's storage. It may be absent, full, or throw when it is merely looked at: then there is none, silently.

const open = (tab) => (tab ? sessionStorage : localStorage);

const quietly = (act) => {
  try {
    return act();
  } catch {}
};

export const read = (tab, key) => quietly(() => open(tab).getItem(key));

// Keeps `value` under `key`, or forgets the key when there is none; `false` when that was not possible.
export const write = (tab, key, value) =>
  !!quietly(() => {
    if (value === undefined) open(tab).removeItem(key);
    else open(tab).setItem(key, value);
    return true;
  });

// The keys that begin with `prefix`, in order, one a line.
export const keys = (tab, prefix) =>
  quietly(() => Object.keys(open(tab)).filter((key) => key.startsWith(prefix)).sort().join("\n")) ?? "";
