import { useEffect } from 'react';
import { ConverterPanel } from './ConverterPanel';
import { DropTarget } from './DropTarget';
import type { Editor } from './Editor';
import { useEditor, useSelectedPicture, useWorkspace } from './editorContext';
import { EmptyStage } from './EmptyStage';
import { PictureStage } from './PictureStage';
import { Tray } from './Tray';
import { useAddFiles } from './useAddFiles';

export function EditorPage() {
  const editor = useEditor();
  const picture = useSelectedPicture();
  const count = useWorkspace(({ pictures }) => pictures.length);
  useEffect(() => {
    document.title = picture === null ? 'Image Editor' : `${picture.name} – Image Editor`;
  }, [picture]);
  usePaste();
  useUndoKeys(editor, picture?.id ?? null);
  return (
    <main className={`editor ${picture === null ? 'is-empty' : ''}`}>
      <h1 className="visually-hidden">Editor</h1>
      <section className="workbench" aria-label="Picture">
        {count > 1 && <Tray />}
        {picture === null ? <EmptyStage /> : <PictureStage key={picture.id} picture={picture} />}
      </section>
      <ConverterPanel picture={picture} />
      <DropTarget />
    </main>
  );
}

function usePaste(): void {
  const addFiles = useAddFiles();
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void addFiles(files);
      }
    };
    addEventListener('paste', onPaste);
    return () => removeEventListener('paste', onPaste);
  }, [addFiles]);
}

function useUndoKeys(editor: Editor, pictureId: string | null): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement && ['text', 'number', 'email', 'password'].includes(event.target.type);
      if (pictureId === null || isTyping || !(event.ctrlKey || event.metaKey)) {
        return;
      }
      const key = event.key.toLowerCase();
      if (key === 'z' && !event.shiftKey) {
        event.preventDefault();
        editor.undo(pictureId);
      } else if (key === 'y' || (key === 'z' && event.shiftKey)) {
        event.preventDefault();
        editor.redo(pictureId);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [editor, pictureId]);
}
