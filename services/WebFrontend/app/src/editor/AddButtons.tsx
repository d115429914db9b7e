import './AddButtons.css';
import { Camera, ImagePlus } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { ACCEPTED_FORMATS } from '../pictures/formats';
import { useAddFiles } from './useAddFiles';

const CameraDialog = lazy(() => import('./CameraDialog'));

/** Buttons that choose pictures from the disk or take one with the camera. */
export function AddButtons({ compact = false }: { compact?: boolean }) {
  const addFiles = useAddFiles();
  const [isCameraOpen, setCameraOpen] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const photo = useRef<HTMLInputElement>(null);
  const addFrom = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    // Emptied, so that the same file can be chosen again.
    input.value = '';
    void addFiles(files);
  };
  // A phone has a camera app, which is better than a page; elsewhere the page shows the camera itself.
  const takePhoto = () =>
    (matchMedia('(pointer: coarse)').matches || navigator.mediaDevices === undefined ? photo.current?.click() : setCameraOpen(true));
  return (
    <>
      <input ref={file} type="file" hidden multiple accept={ACCEPTED_FORMATS} data-testid="file"
        onChange={(event) => addFrom(event.target)} />
      <input ref={photo} type="file" hidden accept="image/*" capture="environment" onChange={(event) => addFrom(event.target)} />
      {compact ? (
        <>
          <button type="button" className="icon-button" aria-label="Add pictures" title="Add pictures"
            onClick={() => file.current?.click()}>
            <ImagePlus aria-hidden size={18} />
          </button>
          <button type="button" className="icon-button" aria-label="Take a picture" title="Take a picture" onClick={takePhoto}>
            <Camera aria-hidden size={18} />
          </button>
        </>
      ) : (
        <div className="add-buttons">
          <button type="button" className="button primary" onClick={() => file.current?.click()}>
            <ImagePlus aria-hidden size={18} />Choose pictures
          </button>
          <button type="button" className="button" onClick={takePhoto}><Camera aria-hidden size={18} />Take a picture</button>
        </div>
      )}
      {isCameraOpen && (
        <Suspense fallback={null}>
          <CameraDialog onClose={() => setCameraOpen(false)}
            onPicture={(blob) => void addFiles([new File([blob], 'photo.jpg', { type: blob.type })])} />
        </Suspense>
      )}
    </>
  );
}
