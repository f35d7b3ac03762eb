/** The idempotency key of a send: the same body keeps its key, so that trying again after a lost answer sends nothing twice. */

export interface Submission {
  body: string;
  key: string;
}

/** `previous` again when the body is the same, else a new one under `newKey`. */
export function submissionFor(body: string, previous: Submission | null, newKey: () => string): Submission {
  return previous?.body === body ? previous : { body, key: newKey() };
}

/** 128 random bits. (`crypto.randomUUID` is missing on pages served over plain HTTP from another machine.) */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
