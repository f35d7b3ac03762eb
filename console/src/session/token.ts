/**
 * Where the token comes from and where it stays: a sign-in link carries it in the fragment (never sent to a server or
 * written to its log), the tab's sessionStorage keeps it, the address bar does not.
 */

const STORED = 'frontdesk.token';

/** The token in pasted text: a bare token, or a whole sign-in link. Null when there is none. */
export function tokenIn(text: string): string | null {
  const trimmed = text.trim();
  const fragment = trimmed.includes('#') ? trimmed.slice(trimmed.indexOf('#') + 1) : null;
  const found = fragment === null ? trimmed : (new URLSearchParams(fragment).get('token') ?? '');
  return /^[A-Za-z0-9._~+/=-]+$/.test(found) ? found : null;
}

/** Takes the token out of the address bar, if it holds one, and remembers it; else what this tab remembered. */
export function takeToken(): string | null {
  const arriving = location.hash.includes('token=') ? tokenIn(location.hash) : null;
  if (arriving === null) return sessionStorage.getItem(STORED);
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.setItem(STORED, arriving);
  return arriving;
}

export function rememberToken(token: string): void {
  sessionStorage.setItem(STORED, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(STORED);
}
