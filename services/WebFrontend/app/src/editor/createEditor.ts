import { useConnection } from '../jobs/connection';
import { JobTracker } from '../jobs/JobTracker';
import { Editor } from './Editor';
import { claimWorkspace, onWorkspaceDeleted, restoreWorkspace, saveWorkspace } from './persistence';
import { PictureCache } from './PictureCache';
import { createWorkspaceStore } from './workspace';

/** What of a workspace is saved when it changes. */
const SAVED = ['pictures', 'selected', 'converter', 'values'] as const;

/** Creates the page's editor. It outlives each view, so that conversions continue while the gallery is open. */
export function createEditor(): Editor {
  const tracker = new JobTracker((connection) => useConnection.setState({ connection }));
  const editor = new Editor(createWorkspaceStore(), new PictureCache(), tracker);
  addEventListener('online', () => tracker.wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && tracker.wake());
  editor.store.setState({ isRestoring: true });
  void claimWorkspace()
    .then(async (id) => {
      await restoreWorkspace(id, editor);
      editor.store.subscribe((workspace, before) => {
        if (SAVED.some((name) => workspace[name] !== before[name])) {
          saveWorkspace(id, workspace);
        }
      });
      const save = () => saveWorkspace(id, editor.store.getState());
      // Saves what was added while the workspace was being restored.
      save();
      // From when the page is left, it is kept for its time.
      document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && save());
      onWorkspaceDeleted(id, () => void editor.closeAll());
    })
    .finally(() => editor.store.setState({ isRestoring: false }));
  return editor;
}
