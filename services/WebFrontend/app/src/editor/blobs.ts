import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval';

/** The pictures of all steps: in memory while the page is open, and in the browser's database, so that a reload finds them. */
export class Blobs {
  private readonly memory = new Map<string, { blob: Blob; url: string }>();
  private database: UseStore | null;

  constructor(open: () => UseStore = () => createStore('image-editor', 'pictures')) {
    try {
      this.database = open();
    } catch {
      // A private window may refuse: pictures then live as long as the page.
      this.database = null;
    }
  }

  /** Keeps a picture under an id. */
  async put(id: string, blob: Blob): Promise<void> {
    this.hold(id, blob);
    await this.attempt((database) => set(id, blob, database));
  }

  /** An address at which the page can show the picture; null when it is not in memory. */
  url(id: string): string | null {
    return this.memory.get(id)?.url ?? null;
  }

  get(id: string): Blob | null {
    return this.memory.get(id)?.blob ?? null;
  }

  /** Brings a picture back from the database; null when it is not there. */
  async load(id: string): Promise<Blob | null> {
    const held = this.get(id);
    if (held !== null) {
      return held;
    }
    const blob = (await this.attempt((database) => get<Blob>(id, database))) ?? null;
    if (blob !== null) {
      this.hold(id, blob);
    }
    return blob;
  }

  /** Forgets a picture. */
  async remove(id: string): Promise<void> {
    const held = this.memory.get(id);
    if (held !== undefined) {
      URL.revokeObjectURL(held.url);
      this.memory.delete(id);
    }
    await this.attempt((database) => del(id, database));
  }

  /** Forgets every kept picture that is not wanted any more by any workspace. */
  async removeOthers(wanted: ReadonlySet<string>): Promise<void> {
    const kept = (await this.attempt((database) => entries<string, Blob>(database))) ?? [];
    await Promise.all(kept.filter(([id]) => !wanted.has(id) && !this.memory.has(id)).map(([id]) => this.remove(id)));
  }

  private hold(id: string, blob: Blob): void {
    const before = this.memory.get(id);
    if (before !== undefined) {
      URL.revokeObjectURL(before.url);
    }
    this.memory.set(id, { blob, url: URL.createObjectURL(blob) });
  }

  /** A database that fails (full, or cleared under us) costs what a reload would find, never the work at hand. */
  private async attempt<T>(task: (database: UseStore) => Promise<T>): Promise<T | null> {
    if (this.database === null) {
      return null;
    }
    try {
      return await task(this.database);
    } catch {
      return null;
    }
  }
}
