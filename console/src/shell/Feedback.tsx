/** Waiting, failing, and having nothing: the three states that every list shares. */
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client';

export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      <span className="loading__dots" aria-hidden="true" />
      {what}…
    </p>
  );
}

/** What went wrong in the server's words, the request id to look it up by, and a way to try again. */
export function Trouble({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <div className="notice notice--error" role="alert">
      <p>{error.message}</p>
      {requestId !== null && <p className="small">Request {requestId}</p>}
      {onRetry && (
        <button className="button" type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty__title">{title}</p>
      <div className="muted">{children}</div>
    </div>
  );
}
