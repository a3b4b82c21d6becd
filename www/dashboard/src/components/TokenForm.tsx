import type { FormEvent } from 'react';
import { keepToken } from '../access';

/** Asks for the collector's read token, and says what the collector said. */
export function TokenForm({ reason }: { reason: string }) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    keepToken(String(new FormData(event.currentTarget).get('token')).trim());
    location.reload();
  }

  return (
    <section className="cv-panel cv-welcome" aria-labelledby="token-title" data-testid="token-form">
      <h2 id="token-title">This collector asks for its read token</h2>
      <p>
        It is what the collector was started with as <code>--token-read</code>. It stays in this tab only.
      </p>
      <form className="cv-snippet" onSubmit={submit}>
        <input type="password" name="token" aria-label="Read token" autoComplete="off" required autoFocus />
        <button className="cv-button">Open the dashboard</button>
      </form>
      <p role="alert">{reason}</p>
    </section>
  );
}
