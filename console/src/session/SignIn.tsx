/** The page without a token: how to get one, and a field to paste it. */
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import { Mark } from '../shell/icons';
import { tokenIn } from './token';

interface Props {
  /** Why the person was signed out, when that is how they came here. */
  why: string | null;
  onToken: (token: string) => void;
}

export function SignIn({ why, onToken }: Props) {
  return (
    <main className="signin">
      <div className="signin__card card">
        <Mark className="signin__mark" />
        <h1>Sign in to Frontdesk</h1>
        {why === null ? (
          <p className="muted">Open the sign-in link you were given, or paste it here.</p>
        ) : (
          <p className="notice notice--warning" role="alert">
            <strong>You were signed out.</strong> {why}
          </p>
        )}
        <TokenForm onToken={onToken} />
        <section className="signin__help" aria-labelledby="signin-help">
          <h2 id="signin-help">Where do I get a link?</h2>
          <ul>
            <li>
              <code>frontdesk up</code> prints a link for each demo person when it starts.
            </li>
            <li>
              <code>frontdesk token</code> makes a token for one person. Run it where the server runs.
            </li>
          </ul>
          <p className="muted small">The token stays in this tab and is gone when you close it.</p>
        </section>
      </div>
    </main>
  );
}

function TokenForm({ onToken }: { onToken: (token: string) => void }) {
  const id = useId();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const token = tokenIn(text);
    if (token === null) setProblem('This is neither a token nor a sign-in link. Copy the whole line that was printed.');
    else onToken(token);
  }

  return (
    <form className="signin__form" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor={id}>Token or sign-in link</label>
        <input
          id={id}
          type="text"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
        />
        {problem !== null && (
          <p className="field__problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        )}
      </div>
      <button className="button button--primary" type="submit">
        Sign in
      </button>
    </form>
  );
}
