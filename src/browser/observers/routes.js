// The address changed within the page: "push", "replace", "pop" or "hash". The Navigation API tells without touching
// the page's history object; only where it is missing are pushState and replaceState wrapped.
import { ROUTE } from "./signals.js";
import { listen } from "./listen.js";

export function watchRoutes(heard) {
  const undo = [listen(window, "hashchange", () => heard(ROUTE, "hash"))];
  if (window.navigation?.addEventListener) {
    undo.push(
      listen(window.navigation, "currententrychange", ({ navigationType: type }) => {
        if (type) heard(ROUTE, type === "traverse" ? "pop" : type);
      }),
    );
  } else {
    undo.push(wrap("pushState", "push", heard), wrap("replaceState", "replace", heard));
    undo.push(listen(window, "popstate", () => heard(ROUTE, "pop")));
  }
  return undo;
}

// A Proxy looks like the original to everybody: its name, its length, its text.
function wrap(method, type, heard) {
  const own = Object.hasOwn(history, method);
  const original = history[method];
  let active = true;
  let wrapped;
  try {
    wrapped = new Proxy(original, {
      apply(target, self, args) {
        const result = Reflect.apply(target, self, args);
        if (active) heard(ROUTE, type);
        return result;
      },
    });
    history[method] = wrapped;
  } catch {
    // A frozen history: its pushes go unseen, pops and hashes do not.
  }
  return () => {
    active = false;
    // Somebody wrapped it after us: theirs stays, and ours passes on.
    if (history[method] !== wrapped) return;
    if (own) history[method] = original;
    else delete history[method];
  };
}
