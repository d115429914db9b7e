import './PicturePage.css';
import { ArrowLeft, ChevronLeft, ChevronRight, Download, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { SignInInvitation } from '../account/SignInInvitation';
import { converterTitle } from '../converters/converterTitle';
import { useConverters } from '../converters/useConverters';
import { useEditor } from '../editor/editorContext';
import { fieldsOf } from '../forms/schema';
import type { Converter, GalleryItem } from '../http/types';
import { describeBytes } from '../pictures/bytes';
import { extensionOf, formatName } from '../pictures/formats';
import { asProblem } from '../problems/problem';
import { session } from '../session/session';
import { Notice } from '../ui/Notice';
import { toast } from '../ui/toasts';
import { Viewer, type ViewerImage } from '../viewer/Viewer';
import { describeDate } from './describeDate';
import { fetchPicture } from './fetchPicture';
import { useGalleryPicture, useNeighbours } from './galleryQueries';
import { useDeletePictures } from './useDeletePictures';

export default function PicturePage({ id }: { id: string }) {
  const account = useStore(session.store, (state) => state.account);
  return account === null
    ? <main className="page"><h1>Picture</h1><SignInInvitation>Sign in to see your pictures.</SignInInvitation></main>
    : <PictureLoader owner={account.id} id={id} />;
}

function PictureLoader({ owner, id }: { owner: string; id: string }) {
  const { data: item, error, refetch } = useGalleryPicture(owner, id);
  if (item !== undefined) {
    return <PictureView key={item.id} owner={owner} item={item} />;
  }
  const problem = error === null ? null : asProblem(error);
  return (
    <main className="page" aria-busy={problem === null}>
      <h1 className={problem === null ? 'visually-hidden' : ''}>Picture</h1>
      {problem !== null && (
        <Notice kind="error" title={problem.message}
          actions={(
            <>
              <button type="button" className="button text" onClick={() => void refetch()}>Try again</button>
              <Link href="/gallery" className="button text">To the gallery</Link>
            </>
          )}>
          {problem.type === 'picture-not-found' ? 'It was deleted, or is somebody else’s.' : problem.detail}
        </Notice>
      )}
    </main>
  );
}

function PictureView({ owner, item }: { owner: string; item: GalleryItem }) {
  const { data: converters } = useConverters();
  const { newer, older } = useNeighbours(owner, item.id);
  const [, navigate] = useLocation();
  const remove = useDeletePictures();
  const title = converterTitle(converters, item.converter);
  const { original, converted } = item;
  useEffect(() => { document.title = `${title} – Gallery – Image Editor`; }, [title]);
  async function removeThis() {
    if (await remove([item.id])) {
      navigate(older ? `/gallery/${older}` : newer ? `/gallery/${newer}` : '/gallery');
    }
  }
  return (
    <main className="editor picture-page">
      <section className="workbench" aria-label="Picture">
        <div className="stage">
          <Viewer
            before={toViewerImage(original, 'Original', 'The original')}
            after={toViewerImage(converted, title, `The result of ${title}`)} />
        </div>
      </section>
      <aside className="panel" aria-label="About this picture">
        <div className="panel-scroll">
          <div className="picture-nav">
            <Link href="/gallery" className="button text"><ArrowLeft aria-hidden size={16} />Gallery</Link>
            <span className="spacer" />
            <NeighbourLink to={newer} label="Newer picture" icon={<ChevronLeft aria-hidden size={20} />} />
            <NeighbourLink to={older} label="Older picture" icon={<ChevronRight aria-hidden size={20} />} />
          </div>
          <div>
            <h1>{title}</h1>
            <p className="hint">{describeDate(item.createdAt)}</p>
          </div>
          <ConversionDetails item={item} converter={converters?.find(({ name }) => name === item.converter)} />
          <ImageDetails label="Original" image={original} />
          <ImageDetails label="Result" image={converted} />
        </div>
        <div className="action-bar">
          <EditButton item={item} title={title} />
          <div className="action-pair">
            <a className="button" href={`${converted.url}?download=1`} download><Download aria-hidden size={17} />Download</a>
            <button type="button" className="button" onClick={() => void removeThis()}><Trash2 aria-hidden size={17} />Delete</button>
          </div>
        </div>
      </aside>
    </main>
  );
}

function toViewerImage(image: GalleryItem['original'], label: string, alt: string): ViewerImage {
  return { id: image.url, url: image.url, label, alt, format: formatName(image.type), size: image };
}

function NeighbourLink({ to, label, icon }: { to: string | null; label: string; icon: React.ReactNode }) {
  return to === null
    ? <button type="button" className="icon-button" aria-label={label} disabled>{icon}</button>
    : <Link href={`/gallery/${to}`} className="icon-button" aria-label={label}>{icon}</Link>;
}

/** The converter and its settings. */
function ConversionDetails({ item, converter }: { item: GalleryItem; converter: Converter | undefined }) {
  const titles = new Map(fieldsOf(converter?.parameters).map(({ name, title }) => [name, title]));
  const parameters = Object.entries((item.parameters ?? {}) as Record<string, unknown>);
  return (
    <section className="details" aria-label="Recipe">
      <h2>Recipe</h2>
      <dl>
        <div><dt>Converter</dt><dd>{converter?.title ?? item.converter}</dd></div>
        {parameters.map(([name, value]) => <div key={name}><dt>{titles.get(name) ?? name}</dt><dd>{String(value)}</dd></div>)}
      </dl>
      {parameters.length === 0 && <p className="hint small">With its settings as they come.</p>}
    </section>
  );
}

function ImageDetails({ label, image }: { label: string; image: GalleryItem['original'] }) {
  return (
    <section className="details" aria-label={label}>
      <div className="details-head">
        <h2>{label}</h2>
        <a className="icon-button small" href={`${image.url}?download=1`} download aria-label={`Download: ${label}`}>
          <Download aria-hidden size={15} />
        </a>
      </div>
      <p className="hint small">{image.width} × {image.height} · {describeBytes(image.bytes)} · {formatName(image.type)}</p>
    </section>
  );
}

/** Opens the result in the editor. */
function EditButton({ item, title }: { item: GalleryItem; title: string }) {
  const editor = useEditor();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  async function edit() {
    setBusy(true);
    try {
      const blob = await fetchPicture(item.converted.url);
      void editor.addPicture(blob, `${title}.${extensionOf(blob.type)}`);
      navigate('/');
    } catch (error) {
      toast(`It could not be opened. ${asProblem(error).message}.`, { kind: 'error' });
      setBusy(false);
    }
  }
  return (
    <button type="button" className="button primary wide" disabled={isBusy} onClick={() => void edit()}>
      <Pencil aria-hidden size={17} />Edit this one
    </button>
  );
}
