import { UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** What pages show that need an account, while nobody is signed in. */
export function SignInInvitation({ children }: { children: ReactNode }) {
  return (
    <div className="empty-state">
      <UserRound aria-hidden size={40} strokeWidth={1.4} />
      <p>{children}</p>
      <div className="empty-state-actions">
        <Link href="/sign-in" className="button primary">Sign in</Link>
        <Link href="/sign-up" className="button">Sign up</Link>
      </div>
    </div>
  );
}
