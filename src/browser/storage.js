// The browser's storage. It may be absent, full, or throw when it is merely looked at: then there is none, silently.

const open = (tab) => (tab ? sessionStorage : localStorage);

export function read(tab, key) {
  try {
    return open(tab).getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

// Keeps `value` under `key`, or forgets the key when there is none; `false` when that was not possible.
export function write(tab, key, value) {
  try {
    if (value === undefined) open(tab).removeItem(key);
    else open(tab).setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

// The keys that begin with `prefix`, in order, one a line.
export function keys(tab, prefix) {
  try {
    return Object.keys(open(tab)).filter((key) => key.startsWith(prefix)).sort().join("\n");
  } catch {
    return "";
  }
}
