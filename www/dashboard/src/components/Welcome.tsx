import { useState } from 'react';

/** For somebody whose collector has not seen an event yet: what to do, in order. */
export function Welcome() {
  const [copied, setCopied] = useState(false);
  const { origin } = location;
  const tag = `<script async src="${origin}/chatvitals.js" data-endpoint="${origin}/api/events"></script>`;

  async function copy(): Promise<void> {
    // Without a secure context there is no clipboard; the text can still be selected.
    await navigator.clipboard?.writeText(tag).then(() => setCopied(true), () => setCopied(false));
  }

  return (
    <section className="cv-panel cv-welcome" aria-labelledby="welcome-title" data-testid="welcome">
      <h2 id="welcome-title">Nothing has arrived yet</h2>
      <p>The collector is running and this page is listening. Three steps to the first event:</p>
      <ol>
        <li>
          <h3>Paste this tag into your pages</h3>
          <p>Anywhere in the head or body. It needs nothing else.</p>
          <div className="cv-snippet">
            <code data-testid="snippet">{tag}</code>
            <button type="button" className="cv-button" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </button>
          </div>
        </li>
        <li>
          <h3>Open one of these pages</h3>
          <p>
            No page at hand? Start the collector with <code>--demo</code> and walk through <a href="/">the demo shop</a>.
          </p>
        </li>
        <li>
          <h3>Look here</h3>
          <p>The view shows up within a second, with every scroll and click after it.</p>
        </li>
      </ol>
    </section>
  );
}
