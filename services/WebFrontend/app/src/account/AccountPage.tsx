import './AccountPage.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { useEditor } from '../editor/editorContext';
import { deleteAllWorkspaces } from '../editor/persistence';
import { api } from '../http/client';
import { asProblem } from '../problems/problem';
import { session } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { toast } from '../ui/toasts';
import { changePassword, deleteAccount, signOut } from './accountApi';
import { Form } from './Form';
import { PasswordField } from './PasswordField';
import { SignInInvitation } from './SignInInvitation';

export default function AccountPage() {
  const account = useStore(session.store, (state) => state.account);
  useEffect(() => { document.title = 'Account – Image Editor'; }, []);
  return (
    <main className="page account">
      <h1>Account</h1>
      {account === null ? <SignInInvitation>Sign in to see your account.</SignInInvitation> : <AccountDetails email={account.email} />}
    </main>
  );
}

function AccountDetails({ email }: { email: string }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const editor = useEditor();
  const { data } = useQuery({ queryKey: ['account', email], queryFn: async () => (await api.GET('/api/auth/me')).data!, retry: false });
  const [isDeleting, setDeleting] = useState(false);
  /** Removes everything of the person's from this browser. */
  async function leave(message: string) {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'converters' });
    await deleteAllWorkspaces(editor);
    toast(message);
    navigate('/');
  }
  async function signOutAndLeave() {
    try {
      await signOut();
    } catch (error) {
      toast(`You are still signed in. ${asProblem(error).message}.`, { kind: 'error' });
      return;
    }
    await leave('Signed out.');
  }
  return (
    <>
      <section className="sheet">
        <div>
          <h2>{email}</h2>
          <p className="hint">
            {data ? `Since ${new Date(data.createdAt).toLocaleDateString(undefined, { dateStyle: 'long' })}` : '\u00a0'}
          </p>
        </div>
        <button type="button" className="button" onClick={() => void signOutAndLeave()}><LogOut aria-hidden size={17} />Sign out</button>
      </section>
      <ChangePassword email={email} />
      <section className="sheet">
        <div>
          <h2>Delete the account</h2>
          <p className="hint">The account and all its pictures go for good.</p>
        </div>
        <button type="button" className="button" onClick={() => setDeleting(true)}>Delete the account…</button>
      </section>
      {isDeleting && (
        <DeleteDialog onClose={() => setDeleting(false)} onDelete={async (password) => {
          await deleteAccount(password);
          setDeleting(false);
          await leave('The account and its pictures are deleted.');
        }} />
      )}
    </>
  );
}

function ChangePassword({ email }: { email: string }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  return (
    <section className="sheet column">
      <div>
        <h2>Change the password</h2>
        <p className="hint">Every other device is signed out.</p>
      </div>
      <Form label="Change the password" action="Change the password" onSubmit={async () => {
        await changePassword(current, next);
        setCurrent('');
        setNext('');
        toast('The password is changed. Other devices are signed out.');
      }}>
        <input type="text" hidden readOnly autoComplete="username" value={email} />
        <PasswordField label="Current password" value={current} onChange={setCurrent} />
        <PasswordField label="New password" value={next} onChange={setNext} isNew email={email} />
      </Form>
    </section>
  );
}

function DeleteDialog({ onClose, onDelete }: { onClose: () => void; onDelete: (password: string) => Promise<void> }) {
  const [password, setPassword] = useState('');
  return (
    <Dialog title="Delete the account?" onClose={onClose}>
      <p>Your account and every picture in your gallery are deleted. This cannot be undone.</p>
      <Form label="Delete the account" action="Delete for good" danger onSubmit={() => onDelete(password)}>
        <PasswordField label="Your password" value={password} onChange={setPassword} autoFocus />
      </Form>
    </Dialog>
  );
}
