// A thread that decodes one picture after another.
import { parentPort } from 'node:worker_threads';
import { DecodingError, decode } from './decode.js';
import { loadLibrary } from './library.js';

const library = loadLibrary();

parentPort.on('message', ({ file, picture }) => {
  try {
    const pixels = decode(library, file, picture);
    parentPort.postMessage({ pixels, memory: library.HEAPU8.length }, [pixels.values.buffer]);
  } catch (error) {
    if (error instanceof Error && !(error instanceof DecodingError) && !(error instanceof WebAssembly.RuntimeError)) {
      throw error;
    }

    // After a trap, or an exception of C++ (a number), its memory is in no state to go on with.
    parentPort.postMessage({ message: String(error.message ?? error), isBroken: !(error instanceof DecodingError), memory: library.HEAPU8.length });
  }
});
