import './EmptyStage.css';
import { Images } from 'lucide-react';
import { listFormats } from '../pictures/formats';
import { AddButtons } from './AddButtons';
import { useWorkspace } from './editorContext';

/** The invitation to add a picture, while there is none. */
export function EmptyStage() {
  const isRestoring = useWorkspace((workspace) => workspace.isRestoring);
  return (
    <div className="stage empty">
      {isRestoring ? (
        <p className="hint" role="status">Looking for your pictures…</p>
      ) : (
        <div className="invitation">
          <Images aria-hidden size={44} strokeWidth={1.4} />
          <h2>Drop pictures here</h2>
          <p className="hint">or paste one, choose from your files, or use the camera</p>
          <AddButtons />
          <p className="hint small">{listFormats('or')}</p>
        </div>
      )}
    </div>
  );
}
