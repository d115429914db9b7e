import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { announce } from '../ui/announce';
import { signUp } from './accountApi';
import { EmailField, Form } from './Form';
import { PasswordField } from './PasswordField';

export default function SignUpPage() {
  const [, navigate] = useLocation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => { document.title = 'Sign up – Image Editor'; }, []);
  return (
    <main className="page narrow">
      <h1>Sign up</h1>
      <p className="hint">With an account every picture and its result stay in your gallery.</p>
      <Form label="Sign up" action="Sign up" onSubmit={async () => {
        await signUp(email, password);
        announce('Your account is there, and you are signed in.');
        navigate('/');
      }}>
        <EmailField value={email} onChange={setEmail} />
        <PasswordField label="Password" value={password} onChange={setPassword} isNew email={email} />
      </Form>
      <p className="hint">You have an account? <Link href="/sign-in">Sign in</Link>.</p>
    </main>
  );
}
