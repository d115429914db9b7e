import './GalleryPage.css';
import { ChevronDown, Download, Images, Trash2, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { SignInInvitation } from '../account/SignInInvitation';
import { converterTitle } from '../converters/converterTitle';
import { useConverters } from '../converters/useConverters';
import type { GalleryItem } from '../http/types';
import { asProblem } from '../problems/problem';
import { session } from '../session/session';
import { announce } from '../ui/announce';
import { Notice } from '../ui/Notice';
import { toast } from '../ui/toasts';
import { describeDate } from './describeDate';
import { downloadPictures } from './download';
import { useGallery } from './galleryQueries';
import { useDeletePictures } from './useDeletePictures';

export default function GalleryPage() {
  const account = useStore(session.store, (state) => state.account);
  useEffect(() => { document.title = 'Gallery – Image Editor'; }, []);
  return (
    <main className="page">
      {account === null ? (
        <>
          <h1>Gallery</h1>
          <SignInInvitation>Sign in, and every picture that you convert stays here with its result.</SignInInvitation>
        </>
      ) : <Gallery owner={account.id} />}
    </main>
  );
}

function Gallery({ owner }: { owner: string }) {
  const [converter, setConverter] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { data: converters } = useConverters();
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useGallery(owner, converter);
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const problem = error === null ? null : asProblem(error);
  const end = useEndOfList(data, error, () => hasNextPage && !isFetchingNextPage && problem === null && void fetchNextPage());
  const chosen = items.filter(({ id }) => selected.has(id));
  const toggle = (id: string) => setSelected((now) => {
    const next = new Set(now);
    return next.delete(id) ? next : next.add(id);
  });
  return (
    <>
      <div className="gallery-head">
        <h1>Gallery</h1>
        <span className="spacer" />
        <label className="visually-hidden" htmlFor="converter-filter">Show</label>
        <span className="select">
          <select id="converter-filter" value={converter ?? ''}
            onChange={(event) => { setConverter(event.target.value || null); setSelected(new Set()); }}>
            <option value="">All converters</option>
            {converters?.map(({ name, title }) => <option key={name} value={name}>{title}</option>)}
          </select>
          <ChevronDown aria-hidden size={16} />
        </span>
        {items.length > 0 && <a className="button" href="/api/gallery.zip" download><Download aria-hidden size={17} />Download all</a>}
      </div>
      {problem !== null && (
        <Notice kind="error" title={problem.message}
          actions={<button type="button" className="button text" onClick={() => void refetch()}>Try again</button>}>
          {problem.detail}
        </Notice>
      )}
      {isPending && problem === null && <Skeletons />}
      {data !== undefined && items.length === 0 && !hasNextPage && (
        <EmptyGallery isFiltered={converter !== null} onAll={() => setConverter(null)} />
      )}
      {items.length > 0 && (
        <ul className="grid" aria-label="Pictures">
          {items.map((item) => (
            <Tile key={item.id} item={item} title={converterTitle(converters, item.converter)} isSelected={selected.has(item.id)}
              onToggle={() => toggle(item.id)} />
          ))}
        </ul>
      )}
      <div ref={end} className="end" role="status">{isFetchingNextPage ? 'Loading more…' : ''}</div>
      {chosen.length > 0 && <SelectionBar items={chosen} onClear={() => setSelected(new Set())} />}
    </>
  );
}

function Tile({ item, title, isSelected, onToggle }: { item: GalleryItem; title: string; isSelected: boolean; onToggle: () => void }) {
  const { id, thumbnail, converted, createdAt } = item;
  const name = `${title}, ${describeDate(createdAt)}`;
  const image = thumbnail ?? converted;
  return (
    <li className={`tile ${isSelected ? 'selected' : ''}`}>
      <Link href={`/gallery/${id}`}>
        <img src={image.url} alt="" loading="lazy" decoding="async" width={image.width} height={image.height} />
        <span className="tile-words"><strong>{title}</strong>{' '}<span className="muted">{describeDate(createdAt)}</span></span>
      </Link>
      <input type="checkbox" className="check-control" checked={isSelected} aria-label={`Select ${name}`} onChange={onToggle} />
    </li>
  );
}

function SelectionBar({ items, onClear }: { items: GalleryItem[]; onClear: () => void }) {
  const remove = useDeletePictures();
  const [isBusy, setBusy] = useState(false);
  async function during(work: () => Promise<void>) {
    setBusy(true);
    try {
      await work();
    } finally {
      setBusy(false);
    }
  }
  async function download() {
    try {
      await downloadPictures(items);
      announce('Downloaded.');
    } catch (error) {
      toast(`Not everything could be downloaded. ${asProblem(error).message}.`, { kind: 'error' });
    }
  }
  return (
    <div className="selection" role="region" aria-label="Selected pictures">
      <strong>{items.length} selected</strong>
      <button type="button" className="button" disabled={isBusy} onClick={() => void during(download)}>
        <Download aria-hidden size={17} />Download
      </button>
      <button type="button" className="button" disabled={isBusy}
        onClick={() => void during(async () => { await remove(items.map(({ id }) => id)); })}>
        <Trash2 aria-hidden size={17} />Delete
      </button>
      <button type="button" className="icon-button" aria-label="Select nothing" onClick={onClear}><X aria-hidden size={18} /></button>
    </div>
  );
}

function EmptyGallery({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  return (
    <div className="empty-state">
      <Images aria-hidden size={40} strokeWidth={1.4} />
      <p>{isFiltered ? 'No picture was made with this converter.' : 'No picture yet. What you convert from now on stays here.'}</p>
      <div className="empty-state-actions">
        {isFiltered
          ? <button type="button" className="button" onClick={onAll}>Show all</button>
          : <Link href="/" className="button primary">To the editor</Link>}
      </div>
    </div>
  );
}

function Skeletons() {
  return (
    <div className="grid" role="status" aria-label="Loading your pictures">
      {Array.from({ length: 12 }, (_, index) => <div key={index} className="tile skeleton" />)}
    </div>
  );
}

/**
 * Calls when the end of the list comes close to the visible part. Calls again after the list has changed while its end is still close:
 * a short page does not move it away.
 */
function useEndOfList(data: unknown, error: unknown, onNear: () => void) {
  const end = useRef<HTMLDivElement>(null);
  const near = useRef(onNear);
  useEffect(() => { near.current = onNear; });
  useEffect(() => {
    // A new observer reports where the end of the new list is.
    const observer = new IntersectionObserver(([entry]) => entry!.isIntersecting && near.current(), { rootMargin: '800px' });
    observer.observe(end.current!);
    return () => observer.disconnect();
  }, [data, error]);
  return end;
}
