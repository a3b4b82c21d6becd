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

/** `url` with the token in its query: an EventSource cannot send headers. */
export function withToken(url: string): string {
  const token = readToken();
  return token === null ? url : `${url}${url.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}

/** The collector wants a token, or another one than was given. */
export class TokenWanted extends Error {}
