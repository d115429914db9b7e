const DAY = 24 * 60 * 60 * 1000;

/** Such as "today, 14:05" or "12 Nov 2026, 09:30". */
export function describeDate(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const isOn = (day: Date) => date.toDateString() === day.toDateString();
  const day = isOn(now) ? 'today'
    : isOn(new Date(now.getTime() - DAY)) ? 'yesterday'
    : date.toLocaleDateString(undefined, { dateStyle: 'medium' });
  return `${day}, ${time}`;
}
