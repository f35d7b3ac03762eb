/**
 * The one place that talks HTTP: adds the token, turns every failure into an `ApiProblem`, and reports a refused token.
 */
import type { ProblemDocument } from './contract';

/** A failed request in words a person can act on. `status` is 0 when the server could not be reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: readonly { field: string; message: string }[];

  constructor(problem: ProblemDocument) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.request_id ?? null;
    this.errors = problem.errors ?? [];
  }
}

export type QueryValue = string | number | null | undefined;

export interface Api {
  get<T>(path: string, query?: Record<string, QueryValue>, signal?: AbortSignal): Promise<T>;
  send<T>(method: 'POST' | 'PATCH', path: string, body?: unknown, options?: SendOptions): Promise<T>;
}

export interface SendOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An API for one token. `onRefused` is called with the server's words when the token is not (or no longer) accepted. */
export function connect(token: string, onRefused: (why: string) => void): Api {
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    headers.set('accept', 'application/json');
    const response = await reach(path, { ...init, headers });
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    const problem = await readProblem(response);
    if (response.status === 401) onRefused(problem.message);
    throw problem;
  }
  return {
    get: (path, query, signal) => call(withQuery(path, query), signal ? { signal } : {}),
    send: (method, path, body, options) =>
      call(path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options?.headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(options?.signal ? { signal: options.signal } : {}),
      }),
  };
}

/** Appends the parameters that have a value. */
export function withQuery(path: string, query: Record<string, QueryValue> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({
      title: 'Frontdesk cannot be reached. Check that the server is running and that you are online, then try again.',
      status: 0,
      code: 'unreachable',
    });
  }
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id');
  try {
    const body = (await response.json()) as Partial<ProblemDocument>;
    if (typeof body.title === 'string') {
      return new ApiProblem({ code: 'unknown', request_id: requestId, ...body, title: body.title, status: response.status });
    }
  } catch {
    // Not JSON: something between us and the server answered. Said below.
  }
  return new ApiProblem({
    title: `The server answered ${response.status} without an explanation. Try again in a moment.`,
    status: response.status,
    code: 'unexplained',
    request_id: requestId,
  });
}
