import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval';

/** The pictures of all steps: in memory while the page is open, and in the browser's database, so that a reload finds them. */
export class PictureCache {
  private readonly memory = new Map<string, { blob: Blob; url: string }>();
  private database: UseStore | null;

  constructor(open: () => UseStore = () => createStore('image-editor', 'pictures')) {
    try {
      this.database = open();
    } catch {
      // A private window may refuse a database: pictures then live as long as the page.
      this.database = null;
    }
  }

  /** Stores a picture under an id. */
  async put(id: string, blob: Blob): Promise<void> {
    this.putInMemory(id, blob);
    await this.tryDatabase((database) => set(id, blob, database));
  }

  /** An address at which the page can show the picture; null when it is not in memory. */
  url(id: string): string | null {
    return this.memory.get(id)?.url ?? null;
  }

  /** The picture; null when it is not in memory. */
  get(id: string): Blob | null {
    return this.memory.get(id)?.blob ?? null;
  }

  /** Loads a picture from the database into memory; null when it is in neither. */
  async load(id: string): Promise<Blob | null> {
    const cached = this.get(id);
    if (cached !== null) {
      return cached;
    }
    const blob = (await this.tryDatabase((database) => get<Blob>(id, database))) ?? null;
    if (blob !== null) {
      this.putInMemory(id, blob);
    }
    return blob;
  }

  /**
   * The picture, so that it can be sent; null when it is nowhere. A chosen file that was changed or removed since cannot be read any more:
   * the database has its copy.
   */
  async loadReadable(id: string): Promise<Blob | null> {
    const blob = await this.load(id);
    if (blob === null || (await isReadable(blob))) {
      return blob;
    }
    const copy = (await this.tryDatabase((database) => get<Blob>(id, database))) ?? null;
    return copy !== null && (await isReadable(copy)) ? copy : null;
  }

  async remove(id: string): Promise<void> {
    const cached = this.memory.get(id);
    if (cached !== undefined) {
      URL.revokeObjectURL(cached.url);
      this.memory.delete(id);
    }
    await this.tryDatabase((database) => del(id, database));
  }

  /** Removes the pictures that are neither referenced nor in memory. */
  async removeUnreferenced(referenced: ReadonlySet<string>): Promise<void> {
    const stored = (await this.tryDatabase((database) => entries<string, Blob>(database))) ?? [];
    await Promise.all(stored.filter(([id]) => !referenced.has(id) && !this.memory.has(id)).map(([id]) => this.remove(id)));
  }

  private putInMemory(id: string, blob: Blob): void {
    const before = this.memory.get(id);
    if (before !== undefined) {
      URL.revokeObjectURL(before.url);
    }
    this.memory.set(id, { blob, url: URL.createObjectURL(blob) });
  }

  /** A database that fails (full, or cleared meanwhile) only costs what a reload would find, never the current work. */
  private async tryDatabase<T>(task: (database: UseStore) => Promise<T>): Promise<T | null> {
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

/** Whether a blob has its bytes. Sending one that has not looks like a network that is away. */
function isReadable(blob: Blob): Promise<boolean> {
  return blob.slice(0, 1).arrayBuffer().then(() => true, () => false);
}
