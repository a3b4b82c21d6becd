/** How deep-chat looks here. The page's own colours reach into its shadow root; so do day and dusk. */
const bubble = { maxWidth: '86%', padding: '.6rem .9rem', fontSize: '1rem', lineHeight: '1.5', marginTop: '.5rem' };

const button = { container: { default: { bottom: '1.25rem', right: '1.4rem' } } };

export const LOOK = {
  chatStyle: { width: '100%', height: '100%', border: 'none', borderRadius: '0', backgroundColor: 'transparent', fontFamily: 'inherit', fontSize: '1rem' },
  messageStyles: {
    default: {
      shared: { bubble },
      user: { bubble: { backgroundColor: 'var(--ink)', color: 'var(--paper)', borderRadius: '1.1rem 1.1rem .3rem 1.1rem' } },
      ai: { bubble: { backgroundColor: 'var(--bubble)', color: 'var(--ink)', borderRadius: '1.1rem 1.1rem 1.1rem .3rem' } },
    },
    html: { shared: { bubble: { backgroundColor: 'transparent', maxWidth: '100%', padding: '.15rem 0' } } },
    error: { bubble: { backgroundColor: 'transparent', color: 'var(--action)', border: '1px solid currentColor', borderRadius: '.8rem' } },
    loading: { message: { styles: { bubble: { backgroundColor: 'var(--bubble)' } } } },
  },
  textInput: {
    placeholder: { text: 'Ask about wind, kites, orders', style: { color: 'var(--ink-soft)' } },
    styles: {
      container: { width: 'calc(100% - 1.5rem)', borderRadius: '1rem', border: '1px solid var(--ink-soft)', backgroundColor: 'var(--card)', boxShadow: 'none', margin: '0 .75rem .75rem' },
      text: { padding: '.7rem 3rem .7rem .9rem', color: 'var(--ink)', fontSize: '1rem' },
      focus: { border: '1px solid var(--ink)' },
    },
  },
  submitButtonStyles: { position: 'inside-end', submit: button, loading: button, stop: button },
  auxiliaryStyle: `
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .input-button svg { filter: var(--icon-filter) !important; }
    p { margin: 0 0 .5rem; }
    .html-message { width: 100%; }
    button { font: inherit; color: inherit; cursor: pointer; background: none; }
    .chips { display: flex; flex-wrap: wrap; gap: .4rem; }
    /* deep-chat styles its own buttons in line. */
    .chip { background: var(--card) !important; color: var(--ink) !important; border: 1px solid var(--ink-soft) !important; border-radius: 2rem !important; padding: .35rem .85rem !important; }
    .chip:hover { background: var(--ink) !important; color: var(--paper) !important; }
    .kites { display: grid; gap: .5rem; }
    .kite { display: flex; align-items: center; gap: .75rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .9rem; background: var(--card); }
    .kite-link { display: flex; align-items: center; gap: .75rem; flex: 1; color: inherit; text-decoration: none; line-height: 1.3; }
    .kite-link span { color: var(--ink-soft); }
    .kite-link b { color: var(--ink); }
    .kite-add, .try-again { border: 2px solid var(--action); border-radius: .6rem; padding: .3rem .7rem; font-weight: 700; white-space: nowrap; }
    .kite-add:hover, .try-again:hover { background: var(--action); color: var(--on-action); }
    .thumbs { display: flex; gap: .25rem; margin-bottom: .4rem; }
    .thumb svg { display: block; width: 1.2rem; height: 1.2rem; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linejoin: round; }
    .thumb + .thumb svg { rotate: 180deg; }
    .thumb, .star { border: 0; border-radius: .5rem; padding: .2rem .45rem; }
    .thumb:hover, .thumb[aria-pressed] { background: var(--band); }
    .star { font-size: 1.7rem; line-height: 1; color: var(--line); -webkit-text-stroke: 1px var(--ink-soft); }
    .star[aria-pressed="true"] { color: var(--sun); }
  `,
};
