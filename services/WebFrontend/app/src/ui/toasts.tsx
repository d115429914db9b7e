import './toasts.css';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';

interface Toast {
  id: string;
  text: string;
  kind: 'note' | 'error';
  action: { label: string; run: () => void } | null;
}

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

const NOTE_DURATION = 6_000;
/** In ms. Long enough to reach the action by keyboard. */
const ACTION_DURATION = 15_000;
const MAX_TOASTS = 4;

/** Shows a short message for some seconds, for longer when it has an action such as undo. An error stays until it is closed. */
export function toast(text: string, options: { kind?: Toast['kind']; action?: Toast['action'] } = {}): void {
  const added: Toast = { id: crypto.randomUUID(), text, kind: options.kind ?? 'note', action: options.action ?? null };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, added].slice(-MAX_TOASTS) }));
}

function dismiss(id: string): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }));
}

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((each) => <ToastView key={each.id} toast={each} />)}
    </div>
  );
}

function ToastView({ toast: { id, text, kind, action } }: { toast: Toast }) {
  useEffect(() => {
    if (kind === 'error') {
      return undefined;
    }
    const timer = setTimeout(() => dismiss(id), action === null ? NOTE_DURATION : ACTION_DURATION);
    return () => clearTimeout(timer);
  }, [id, kind, action]);
  return (
    <div className={`toast ${kind}`}>
      <span>{text}</span>
      {action && (
        <button type="button" className="button text" onClick={() => { action.run(); dismiss(id); }}>{action.label}</button>
      )}
      <button type="button" className="icon-button" aria-label="Put this message away" onClick={() => dismiss(id)}>
        <X aria-hidden size={16} />
      </button>
    </div>
  );
}
