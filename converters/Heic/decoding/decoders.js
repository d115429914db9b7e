// Threads that decode, each one picture at a time: the process answers meanwhile, and a picture that takes too long ends with its thread.
import { Worker } from 'node:worker_threads';
import { DecodingError } from './decode.js';

/** A thread that waits for its next picture; more of them would only keep memory. */
let idle = null;

/** What a thread may have done to be given another picture: its memory never shrinks, and what leaks in it goes with it. */
const [mostPictures, mostMemory] = [50, 256 << 20];

/**
 * Decodes a picture; the thread ends when the signal says so.
 * @returns {Promise<{ values: Uint8Array | Uint16Array, width: number, height: number, channels: number }>}
 */
export async function decodeInThread(file, picture, signal) {
  signal.throwIfAborted();
  const thread = idle ?? { worker: new Worker(new URL('worker.js', import.meta.url)), pictures: 0 };
  idle = null;
  let keeps = false;
  try {
    const { pixels, message, isBroken, memory } = await answerOf(thread.worker, { file, picture }, signal);
    thread.pictures++;
    keeps = !isBroken && thread.pictures < mostPictures && memory <= mostMemory;
    if (!pixels) {
      throw new DecodingError(message);
    }

    return pixels;
  } finally {
    if (keeps && idle === null) {
      idle = thread;
      thread.worker.unref();
    } else {
      await thread.worker.terminate();
    }
  }
}

function answerOf(worker, request, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    const fail = error => reject(error);
    const end = () => reject(new Error('The decoding thread ended without an answer.'));
    worker.ref();
    worker.once('message', answer => {
      signal.removeEventListener('abort', stop);
      worker.off('error', fail).off('exit', end);
      resolve(answer);
    });
    worker.once('error', fail);
    worker.once('exit', end);
    signal.addEventListener('abort', stop, { once: true });
    worker.postMessage(request);
  });
}
