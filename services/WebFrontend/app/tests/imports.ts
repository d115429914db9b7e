import ts from 'typescript';

/** What uses what, by name. */
export type Graph = Map<string, Set<string>>;

const ENDINGS = ['.ts', '.tsx', '/index.ts', '/index.tsx'];

/** Which source file imports which other; type imports count, too. */
export function readImports(sources: Record<string, string>): Graph {
  return new Map(Object.entries(sources).map(([file, source]) => {
    const imported = ts.preProcessFile(source).importedFiles
      .filter(({ fileName }) => fileName.startsWith('.'))
      .flatMap(({ fileName }) => ENDINGS.map((ending) => new URL(fileName + ending, `file:///${file}`).pathname.slice(1)))
      .filter((other) => other in sources);
    return [file, new Set(imported)];
  }));
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
}

/** The same for the folders that the files are in. A subfolder is a folder of its own; the folder itself is ".". */
export function foldersOf(files: Graph): Graph {
  const folders: Graph = new Map();
  for (const [file, imported] of files) {
    const used = folders.get(folderOf(file)) ?? new Set();
    imported.forEach((other) => used.add(folderOf(other)));
    used.delete(folderOf(file));
    folders.set(folderOf(file), used);
  }
  return folders;
}

/** The names along a circle, the first again at the end; null when there is none. */
export function findCircle(graph: Graph): string[] | null {
  const finished = new Set<string>();
  const path: string[] = [];
  function visit(name: string): string[] | null {
    if (path.includes(name)) {
      return [...path.slice(path.indexOf(name)), name];
    }
    if (finished.has(name)) {
      return null;
    }
    path.push(name);
    for (const used of graph.get(name) ?? []) {
      const circle = visit(used);
      if (circle !== null) {
        return circle;
      }
    }
    path.pop();
    finished.add(name);
    return null;
  }
  for (const name of graph.keys()) {
    const circle = visit(name);
    if (circle !== null) {
      return circle;
    }
  }
  return null;
}
