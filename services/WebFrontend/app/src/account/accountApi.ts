import { api } from '../http/client';
import { session } from '../session/session';

/** Creates an account and signs in. */
export async function signUp(email: string, password: string): Promise<void> {
  const { data } = await api.POST('/api/auth/register', { body: { email, password, cookies: true } });
  await rememberAccount(data!.expiresIn);
}

export async function signIn(email: string, password: string): Promise<void> {
  const { data } = await api.POST('/api/auth/login', { body: { email, password, cookies: true } });
  await rememberAccount(data!.expiresIn);
}

/** Ends the session here; other devices stay signed in. */
export async function signOut(): Promise<void> {
  await api.POST('/api/auth/logout', { body: { refreshToken: null } });
  session.signOut();
}

/** Changes the password; every other session ends. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  const { data } = await api.POST('/api/auth/password', { body: { currentPassword, newPassword, cookies: true } });
  const { account } = session.store.getState();
  if (account !== null) {
    session.signIn({ ...account, expiresAt: expiryOf(data!.expiresIn) });
  }
}

/** Deletes the account and all its pictures. */
export async function deleteAccount(password: string): Promise<void> {
  await api.DELETE('/api/auth/me', { body: { password } });
  session.signOut();
}

async function rememberAccount(expiresIn: number): Promise<void> {
  const { data } = await api.GET('/api/auth/me');
  session.signIn({ id: data!.id, email: data!.email, expiresAt: expiryOf(expiresIn) });
}

function expiryOf(expiresIn: number): number {
  return Date.now() + expiresIn * 1000;
}
