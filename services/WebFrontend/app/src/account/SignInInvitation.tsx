import { UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** For pages that are somebody's. */
export function SignInInvitation({ children }: { children: ReactNode }) {
  return (
    <div className="blank">
      <UserRound aria-hidden size={40} strokeWidth={1.4} />
      <p>{children}</p>
      <div className="blank-actions">
        <Link href="/sign-in" className="button primary">Sign in</Link>
        <Link href="/sign-up" className="button">Sign up</Link>
      </div>
    </div>
  );
}
