import './PasswordField.css';
import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { lengthError, loadEstimate, type Strength } from './strength';

const STRENGTH_LABELS = ['Very easy to guess', 'Easy to guess', 'So-so', 'Strong', 'Very strong'];

/** A password, hidden until the person shows it. A new one is rated while it is typed. */
export function PasswordField({ label, value, onChange, isNew = false, email = '', autoFocus = false }: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  isNew?: boolean;
  /** The person's address: a password made of it is weak. */
  email?: string;
  autoFocus?: boolean;
}) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  const strength = useStrength(isNew ? value : '', email);
  const input = useRef<HTMLInputElement>(null);
  // Attributes count what is typed, and cut off what is longer without a word.
  useEffect(() => input.current!.setCustomValidity(isNew && value !== '' ? lengthError(value) : ''), [isNew, value]);
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      <div className="password">
        <input ref={input} id={id} type={isShown ? 'text' : 'password'} className="text-input" required value={value} autoFocus={autoFocus}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          aria-describedby={isNew ? `${id}-strength` : undefined} onChange={(event) => onChange(event.target.value)} />
        <button type="button" className="icon-button" aria-label={isShown ? 'Hide the password' : 'Show the password'}
          aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? <EyeOff aria-hidden size={17} /> : <Eye aria-hidden size={17} />}
        </button>
      </div>
      {isNew && (
        <div className="strength" id={`${id}-strength`} data-score={value === '' ? undefined : strength?.score}>
          <div className="strength-bars" aria-hidden>
            {[1, 2, 3, 4].map((bar) => (
              <span key={bar} className={value !== '' && strength !== null && strength.score >= bar ? 'on' : ''} />
            ))}
          </div>
          <p className="hint small" role="status">
            {value === '' || strength === null
              ? 'Several words that do not belong together are strong and easy to remember.'
              : `${STRENGTH_LABELS[strength.score]}. ${strength.advice}`}
          </p>
        </div>
      )}
    </div>
  );
}

/** The strength of the current password; null until it is known. */
function useStrength(password: string, email: string): Strength | null {
  const [strength, setStrength] = useState<Strength | null>(null);
  useEffect(() => {
    if (password === '') {
      return undefined;
    }
    let isStale = false;
    loadEstimate().then(
      (estimate) => !isStale && setStrength(estimate(password, [email, ...email.split(/[@.+_-]/)].filter((part) => part !== ''))),
      // Without the estimate the server still decides.
      () => undefined);
    return () => { isStale = true; };
  }, [password, email]);
  return password === '' ? null : strength;
}
