import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { announce } from '../ui/announce';
import { signIn } from './accountApi';
import { EmailField, Form } from './Form';
import { PasswordField } from './PasswordField';

export default function SignInPage() {
  const [, navigate] = useLocation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => { document.title = 'Sign in – Image Editor'; }, []);
  return (
    <main className="page narrow">
      <h1>Sign in</h1>
      <Form label="Sign in" action="Sign in" onSubmit={async () => {
        await signIn(email, password);
        announce('Signed in.');
        navigate('/gallery');
      }}>
        <EmailField value={email} onChange={setEmail} />
        <PasswordField label="Password" value={password} onChange={setPassword} />
      </Form>
      <p className="hint">
        No account yet? <Link href="/sign-up">Sign up</Link>. Everything works without one, too; pictures are then not kept.
      </p>
    </main>
  );
}
