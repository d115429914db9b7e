import './AddButtons.css';
import { Camera, ImagePlus } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { ACCEPTED_FORMATS } from '../pictures/formats';
import { useAddFiles } from './useAddFiles';

const CameraDialog = lazy(() => import('./CameraDialog'));

/** Choosing pictures from the disk, and taking one with the camera. */
export function AddButtons({ compact = false }: { compact?: boolean }) {
  const addFiles = useAddFiles();
  const [isShooting, setShooting] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const shot = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    // Emptied, so that the same file can be chosen again.
    input.value = '';
    void addFiles(files);
  };
  // A phone's own camera app is better than any page's; elsewhere the page shows the camera itself.
  const shoot = () => (matchMedia('(pointer: coarse)').matches || navigator.mediaDevices === undefined ? shot.current?.click() : setShooting(true));
  return (
    <>
      <input ref={file} type="file" hidden multiple accept={ACCEPTED_FORMATS} data-testid="file" onChange={(event) => take(event.target)} />
      <input ref={shot} type="file" hidden accept="image/*" capture="environment" onChange={(event) => take(event.target)} />
      {compact ? (
        <>
          <button type="button" className="icon-button" aria-label="Add pictures" title="Add pictures" onClick={() => file.current?.click()}><ImagePlus aria-hidden size={18} /></button>
          <button type="button" className="icon-button" aria-label="Take a picture" title="Take a picture" onClick={shoot}><Camera aria-hidden size={18} /></button>
        </>
      ) : (
        <div className="add-buttons">
          <button type="button" className="button primary" onClick={() => file.current?.click()}><ImagePlus aria-hidden size={18} />Choose pictures</button>
          <button type="button" className="button" onClick={shoot}><Camera aria-hidden size={18} />Take a picture</button>
        </div>
      )}
      {isShooting && (
        <Suspense fallback={null}>
          <CameraDialog onClose={() => setShooting(false)} onPicture={(blob) => void addFiles([new File([blob], 'photo.jpg', { type: blob.type })])} />
        </Suspense>
      )}
    </>
  );
}
