import './Notice.css';
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

/** A box that says what happened and what to do. */
export function Notice({ kind, title, children, actions }: {
  kind: 'error' | 'note';
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const Icon = kind === 'error' ? CircleAlert : Info;
  return (
    <div className={`notice ${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      <Icon aria-hidden size={18} />
      <div>
        <strong>{title}</strong>
        {children && <p>{children}</p>}
        {actions && <div className="notice-actions">{actions}</div>}
      </div>
    </div>
  );
}
