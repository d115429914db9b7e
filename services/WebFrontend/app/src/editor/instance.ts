import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { create } from 'zustand';
import { JobTracker, type Connection } from '../jobs/tracker';
import { Blobs } from './blobs';
import { Editor } from './Editor';
import { claimWorkspace, keep, restore } from './persistence';
import { createWorkspaceStore, selectedOf, type Picture, type Workspace } from './workspace';

/** How running jobs are followed at the moment. */
export const useConnection = create<{ connection: Connection }>(() => ({ connection: 'idle' }));

/** Makes this page's editor; it outlives changes of the page within the app, so that work goes on while one looks at the gallery. */
export function startEditor(): Editor {
  const tracker = new JobTracker((connection) => useConnection.setState({ connection }));
  const editor = new Editor(createWorkspaceStore(), new Blobs(), tracker);
  addEventListener('online', () => tracker.wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && tracker.wake());
  editor.store.setState({ isRestoring: true });
  void claimWorkspace()
    .then(async (id) => {
      await restore(id, editor);
      editor.store.subscribe((workspace, before) => {
        if (workspace.pictures !== before.pictures || workspace.selected !== before.selected || workspace.converter !== before.converter) {
          keep(id, workspace);
        }
      });
      // What was added while an earlier visit was read back.
      keep(id, editor.store.getState());
    })
    .finally(() => editor.store.setState({ isRestoring: false }));
  return editor;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  return useContext(EditorContext)!;
}

export function useWorkspace<T>(select: (workspace: Workspace) => T): T {
  return useStore(useEditor().store, select);
}

export function useSelectedPicture(): Picture | null {
  return useWorkspace(selectedOf);
}
