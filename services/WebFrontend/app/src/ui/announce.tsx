import { create } from 'zustand';

const useAnnouncement = create<{ text: string }>(() => ({ text: '' }));

/** Has screen readers read a sentence, once they have finished the current one. */
export function announce(text: string): void {
  useAnnouncement.setState({ text });
}

export function Announcer() {
  return <p className="visually-hidden" role="status">{useAnnouncement((state) => state.text)}</p>;
}
