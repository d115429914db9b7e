import { useEffect } from 'react';
import { announce } from '../ui/announce';
import { toast } from '../ui/toasts';
import { useEditor, useSelectedPicture, useWorkspace } from './instance';
import { DropTarget } from './DropTarget';
import { EmptyStage } from './EmptyStage';
import { Panel } from './Panel';
import { Stage } from './Stage';
import { Tray } from './Tray';
import type { Editor } from './Editor';

/** Takes files in, and says so. */
export async function takeIn(editor: Editor, files: Iterable<File>): Promise<void> {
  const { added, refused } = await editor.add(files);
  if (added > 0) {
    announce(added === 1 ? 'One picture added.' : `${added} pictures added.`);
  }
  if (refused.length > 0) {
    toast(`${refused.join(', ')}: not a picture. JPEG, PNG, WebP, GIF, AVIF and TIFF can be read.`, { kind: 'fault' });
  }
}

export function EditorPage() {
  const editor = useEditor();
  const picture = useSelectedPicture();
  const count = useWorkspace(({ pictures }) => pictures.length);
  useEffect(() => {
    document.title = picture === null ? 'Image Editor' : `${picture.name} – Image Editor`;
  }, [picture]);
  usePaste(editor);
  useUndoKeys(editor, picture?.id ?? null);
  return (
    <main className={`editor ${picture === null ? 'is-empty' : ''}`}>
      <h1 className="unseen">Editor</h1>
      <section className="workbench" aria-label="Picture">
        {count > 1 && <Tray />}
        {picture === null ? <EmptyStage /> : <Stage key={picture.id} picture={picture} />}
      </section>
      <Panel picture={picture} />
      <DropTarget onFiles={(files) => void takeIn(editor, files)} />
    </main>
  );
}

function usePaste(editor: Editor): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void takeIn(editor, files);
      }
    };
    addEventListener('paste', onPaste);
    return () => removeEventListener('paste', onPaste);
  }, [editor]);
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
