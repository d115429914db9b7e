import './DropTarget.css';
import { ImageDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useAddFiles } from './useAddFiles';

/** Adds files that are dropped anywhere on the page. */
export function DropTarget() {
  const addFiles = useAddFiles();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onDragOver = (event: DragEvent) => {
      if (hasFiles(event)) {
        event.preventDefault();
        setOver(true);
      }
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) {
        setOver(false);
      }
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (hasFiles(event)) {
        event.preventDefault();
        void addFiles([...event.dataTransfer!.files]);
      }
    };
    addEventListener('dragover', onDragOver);
    addEventListener('dragleave', onDragLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('dragleave', onDragLeave);
      removeEventListener('drop', onDrop);
    };
  }, [addFiles]);
  return isOver ? (
    <div className="drop-veil" aria-hidden>
      <div><ImageDown size={40} /><p>Drop to open</p></div>
    </div>
  ) : null;
}
