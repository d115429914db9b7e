import './CameraDialog.css';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../ui/Dialog';
import { Notice } from '../ui/Notice';

const JPEG_QUALITY = 0.95;

/** Shows the camera's picture, and takes it. */
export default function CameraDialog({ onClose, onPicture }: { onClose: () => void; onPicture: (picture: Blob) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'asking' | 'ready' | 'refused'>('asking');
  useEffect(() => {
    let stream: MediaStream | null = null;
    let isClosed = false;
    const stop = () => stream?.getTracks().forEach((track) => track.stop());
    navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1080 } } }).then(
      (opened) => {
        stream = opened;
        if (isClosed) {
          stop();
        } else {
          video.current!.srcObject = opened;
        }
      },
      () => setState('refused'));
    return () => {
      isClosed = true;
      stop();
    };
  }, []);
  function take() {
    const { videoWidth: width, videoHeight: height } = video.current!;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.getContext('2d')!.drawImage(video.current!, 0, 0);
    canvas.toBlob((blob) => {
      if (blob !== null) {
        onPicture(blob);
        onClose();
      }
    }, 'image/jpeg', JPEG_QUALITY);
  }
  return (
    <Dialog title="Take a picture" onClose={onClose}>
      {state === 'refused' ? (
        <Notice kind="error" title="The camera cannot be used">
          Allow this page to use it in the browser’s settings, or choose a picture instead.
        </Notice>
      ) : (
        <>
          <div className="camera">
            <video ref={video} autoPlay playsInline muted aria-label="What the camera sees" onLoadedData={() => setState('ready')} />
          </div>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>Cancel</button>
            <button type="button" className="button primary" disabled={state !== 'ready'} onClick={take}>Take the picture</button>
          </div>
        </>
      )}
    </Dialog>
  );
}
