// Writes src/api/generated/*.ts from the services' OpenAPI documents in ../openapi.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const documents = new URL('../../openapi/', import.meta.url);
const generated = new URL('../src/api/generated/', import.meta.url);

/** The services read numbers from texts too, and say so; what they write, and what this app sends, is numbers. */
function numbersOnly(node) {
  if (Array.isArray(node)) {
    return node.map(numbersOnly);
  }
  if (node === null || typeof node !== 'object') {
    return node;
  }
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, numbersOnly(value)]));
  if (Array.isArray(copy.type) && copy.type.some((type) => type === 'integer' || type === 'number')) {
    copy.type = copy.type.filter((type) => type !== 'string');
    delete copy.pattern;
  }
  return copy;
}

/** HEAD stands beside GET under the same name; the app does not use it. */
function withoutHead(document) {
  const paths = Object.entries(document.paths).map(([path, { head, ...methods }]) => [path, methods]);
  return { ...document, paths: Object.fromEntries(paths) };
}

await mkdir(generated, { recursive: true });
for (const file of (await readdir(documents)).filter((name) => name.endsWith('.json'))) {
  const document = JSON.parse(await readFile(new URL(file, documents), 'utf8'));
  const types = astToString(await openapiTS(numbersOnly(withoutHead(document))));
  const target = new URL(file.replace(/\.json$/, '.ts'), generated);
  const isSame = (await readFile(target, 'utf8').catch(() => '')) === types;
  if (!isSame) {
    await writeFile(target, types);
  }
}
