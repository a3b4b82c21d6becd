import { type RefCallback, useCallback } from "react";
import tokens from "./tokens.css";
import widgets from "./widgets.css";

/** Everything the widgets look like. They bring it along; a server that renders them may send it in its own sheet. */
export const styles = tokens + widgets;

/** One sheet for all widgets of a page; made when the first of them is shown. */
let sheet: CSSStyleSheet | undefined;

/**
 * Gives the document, or the shadow root, that an element is in the widgets' styles, once. As a constructed sheet: it
 * needs no `<style>` element, so a strict Content Security Policy has nothing to refuse.
 */
export function useStyles<E extends Element>(): RefCallback<E> {
  return useCallback((element: E | null) => {
    const root = element?.getRootNode();
    if (!(root instanceof Document || root instanceof ShadowRoot)) return;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
    }
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }, []);
}
