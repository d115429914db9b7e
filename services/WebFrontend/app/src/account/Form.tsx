import './Form.css';
import { type ReactNode, useState } from 'react';
import { asProblem, type Problem } from '../problems/problem';
import { Notice } from '../ui/Notice';

/** A form that is sent once at a time, and says what went wrong. */
export function Form({ label, action, danger = false, onSubmit, children }: {
  label: string;
  /** What its button says. */
  action: string;
  danger?: boolean;
  onSubmit: () => Promise<void>;
  children: ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function send() {
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <form className="form" aria-label={label} onSubmit={(event) => { event.preventDefault(); if (!isBusy) { void send(); } }}>
      {children}
      {problem && (
        <Notice kind="error" title={problem.message}>
          {problem.detail}{problem.retryAfter !== null && ` Try again in ${Math.ceil(problem.retryAfter)} s.`}
        </Notice>
      )}
      <button type="submit" className={`button wide ${danger ? 'danger' : 'primary'}`} aria-disabled={isBusy}>
        {isBusy ? 'One moment…' : action}
      </button>
    </form>
  );
}

export function EmailField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <div className="field">
      <label className="label" htmlFor="email">E-mail address</label>
      {/* No type "email": browsers refuse zoë@example.org there, which the server takes, and send another spelling of some domains. */}
      <input id="email" type="text" inputMode="email" autoCapitalize="none" spellCheck={false} className="text-input" required
        autoComplete="username" value={value} autoFocus
        onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
