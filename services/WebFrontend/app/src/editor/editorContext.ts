import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Editor } from './Editor';
import { type Picture, selectedOf, type Workspace } from './workspace';

/** The page's editor. */
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
