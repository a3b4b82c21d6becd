// Adds a listener for several events (their names in one text) and returns what removes it. Capturing, so that a page
// that stops propagation does not blind us; passive, so that nothing the page does waits for us.
const AS = { capture: true, passive: true };

export function listen(target, names, listener) {
  const types = names.split(" ");
  for (const type of types) target.addEventListener(type, listener, AS);
  return () => {
    for (const type of types) target.removeEventListener(type, listener, AS);
  };
}

// The elements an event passed through, innermost first, those in open shadow trees too.
export const pathOf = (event) => event.composedPath().filter((node) => node instanceof Element);

// A subtree the site turned off.
export const ignored = (path) => path.some((element) => element.hasAttribute("data-cv-ignore"));
