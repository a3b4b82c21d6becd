/** The read token of a collector that asks for one, kept for this tab: closing it forgets the token. */
const KEY = 'chatvitals.read-token';

export function readToken(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage switched off: a collector without token can still be read
  }
}

export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token);

/** The collector wants a token, or another one than was given. */
export class TokenWanted extends Error {}
