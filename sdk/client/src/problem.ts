/** What goes wrong, as one kind of error that programs can tell apart by `code`. */
import type { FieldError, Problem } from './generated/types.gen.js';

/** `unreachable`: no answer at all (status 0). `unexplained`: an answer that is no problem document, from something between. */
type OwnCode = 'unreachable' | 'unexplained';

/** A refused or failed request: the server's problem document (RFC 9457) as an error. */
export class ProblemError extends Error {
  /** The HTTP status, 0 when the server could not be reached. */
  readonly status: number;
  /** The kind of problem, stable: docs/ERRORS.md lists the server's. */
  readonly code: string;
  /** The kind of problem in words. */
  readonly title: string;
  /** The fields at fault, with their paths in the body that was sent. */
  readonly errors: readonly FieldError[];
  /** Stands in the server's log too. */
  readonly requestId: string | null;

  constructor(problem: Partial<Problem> & { status: number; code: Problem['code'] | OwnCode; title: string }) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id ?? null;
  }

  /** What is wrong with one field, if it is at fault. */
  field(path: string): string | null {
    return this.errors.find(({ field }) => field === path)?.message ?? null;
  }
}

/** No answer came. */
export function unreachable(): ProblemError {
  return new ProblemError({ status: 0, code: 'unreachable', title: 'Frontdesk cannot be reached.' });
}

/** Reads what an answer that is not a success says. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const request_id = response.headers.get('x-request-id');
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return new ProblemError({ request_id, ...body, status: response.status });
  return new ProblemError({ status: response.status, code: 'unexplained', title: `The server answered ${response.status} without an explanation.`, request_id });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body && typeof body.title === 'string';
}
