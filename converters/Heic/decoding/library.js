// libheif in WebAssembly, as libheif-js has it, with its filters on.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const create = require('libheif-js/libheif-wasm/libheif.js');
const program = readFileSync(require.resolve('libheif-js/libheif-wasm/libheif.wasm'));

/** What the decoder prints of broken files is nobody's to read: callers get what it answers. */
const quiet = { print: () => {}, printErr: () => {} };

/** The number of the section that holds the bodies of functions. */
const codeSection = 10;

/**
 * libheif is built for JavaScript without deblocking and SAO, "to speed up decoding": pictures would show the blocks that they are coded in, up to 38
 * of 255 from what every other decoder makes of them. It switches them off by the one function that is emptied here; nothing else calls it.
 */
export function loadLibrary() {
  // The name of an exported function is its number (WebAssembly JavaScript Interface).
  const number = Number(create({ ...quiet, wasmBinary: program })._de265_set_parameter_bool.name);
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(program)).filter(({ kind }) => kind === 'function').length;
  return create({ ...quiet, wasmBinary: withoutBody(program, number - imported) });
}

/** A copy of a program in which one of its own functions does nothing. */
function withoutBody(original, index) {
  const wasm = Uint8Array.from(original);
  let at = 8;
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = readNumber() + at;
    if (section === codeSection) {
      readNumber();
      for (let i = 0; i < index; i++) {
        at = readNumber() + at;
      }

      // No locals, as many instructions that do nothing as there were, and the end.
      const bodyEnd = readNumber() + at;
      wasm.fill(0x01, at, bodyEnd);
      [wasm[at], wasm[bodyEnd - 1]] = [0x00, 0x0B];
      return wasm;
    }

    at = end;
  }

  throw new Error('libheif has no code: libheif-js is not the version that this was written for.');

  /** In groups of 7 bits, the lowest first; the highest bit says that there are more (LEB128). */
  function readNumber() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      value |= (wasm[at] & 0x7F) << shift;
      if (wasm[at++] < 0x80) {
        return value;
      }
    }
  }
}
