// Writes the API's types from the services' OpenAPI documents. Usage: node types.mjs DOCUMENTS TARGET
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const [documents, target] = process.argv.slice(2);

/** The services also accept numbers as strings, and say so; they write numbers, and this app sends numbers. */
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

/** HEAD has the same operation id as GET; the app does not use it. */
function withoutHead(document) {
  const paths = Object.entries(document.paths).map(([path, { head, ...methods }]) => [path, methods]);
  return { ...document, paths: Object.fromEntries(paths) };
}

await mkdir(target, { recursive: true });
for (const name of (await readdir(documents)).filter((file) => file.endsWith('.json'))) {
  const document = JSON.parse(await readFile(join(documents, name), 'utf8'));
  const types = astToString(await openapiTS(numbersOnly(withoutHead(document))));
  const file = join(target, name.replace(/\.json$/, '.ts'));
  const isSame = (await readFile(file, 'utf8').catch(() => '')) === types;
  if (!isSame) {
    await writeFile(file, types);
  }
}
