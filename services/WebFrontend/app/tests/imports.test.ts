import { describe, expect, test } from 'vitest';
import { findCircle, foldersOf, type Graph, readImports } from './imports';

const graph = (edges: Record<string, string[]>): Graph => new Map(Object.entries(edges).map(([name, used]) => [name, new Set(used)]));
const modules = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const files = readImports(Object.fromEntries(Object.entries(modules).map(([path, source]) => [path.replace('../src/', ''), source])));

describe('imports of src', () => {
  test('readImports_TheStart_FindsWhatItUses', () => {
    expect([...files.get('main.tsx')!]).toContain('App.tsx');
    expect(files.get('App.tsx')).toContain('gallery/GalleryPage.tsx');
  });

  test('Files_HaveNoCircle', () => {
    expect(findCircle(files)).toBeNull();
  });

  test('Folders_HaveNoCircle', () => {
    expect(findCircle(foldersOf(files))).toBeNull();
  });
});

describe('findCircle', () => {
  test('OfACircle_NamesItsEdges', () => {
    expect(findCircle(graph({ page: ['stage'], stage: ['view', 'buttons'], view: [], buttons: ['page'] })))
      .toEqual(['page', 'stage', 'buttons', 'page']);
  });

  test('OfTwoWaysToOnePlace_IsNull', () => {
    expect(findCircle(graph({ page: ['stage', 'panel'], stage: ['view'], panel: ['view'], view: [] }))).toBeNull();
  });

  test('OfFilesWithoutOne_ButTheirFoldersWith_NamesTheFolders', () => {
    const between = graph({ 'a/one.ts': ['b/two.ts'], 'b/two.ts': [], 'b/three.ts': ['a/four.ts'], 'a/four.ts': [] });
    expect(findCircle(between)).toBeNull();
    expect(findCircle(foldersOf(between))).toEqual(['a', 'b', 'a']);
  });

  test('OfAFolderAndItsSubfolder_NamesBoth', () => {
    const within = graph({ 'a/one.ts': ['a/b/two.ts'], 'a/b/two.ts': ['a/three.ts'], 'a/three.ts': [] });
    expect(findCircle(foldersOf(within))).toEqual(['a', 'a/b', 'a']);
  });
});
