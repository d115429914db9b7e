import './Notice.css';
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

/** Says what happened and what to do. */
export function Notice({ kind, title, children, actions }: { kind: 'fault' | 'note'; title: string; children?: ReactNode; actions?: ReactNode }) {
  const Icon = kind === 'fault' ? CircleAlert : Info;
  return (
    <div className={`notice ${kind}`} role={kind === 'fault' ? 'alert' : undefined}>
      <Icon aria-hidden size={18} />
      <div>
        <strong>{title}</strong>
        {children && <p>{children}</p>}
        {actions && <div className="notice-actions">{actions}</div>}
      </div>
    </div>
  );
}
