import { useCallback } from 'react';
import { listFormats } from '../pictures/formats';
import { announce } from '../ui/announce';
import { toast } from '../ui/toasts';
import { useEditor } from './editorContext';

/** Adds files to the workspace, and says which were added and which were refused. */
export function useAddFiles(): (files: Iterable<File>) => Promise<void> {
  const editor = useEditor();
  return useCallback(async (files) => {
    const { added, refused } = await editor.addFiles(files);
    if (added > 0) {
      announce(added === 1 ? 'One picture added.' : `${added} pictures added.`);
    }
    if (refused.length > 0) {
      toast(`${refused.join(', ')}: not a picture. ${listFormats('and')} can be read.`, { kind: 'error' });
    }
  }, [editor]);
}
