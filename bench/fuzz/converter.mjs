// Decodes the files that come in, each after its length (4 bytes), with a converter in Node.js, and says in a line what became of it.
import { pathToFileURL } from 'node:url';

const [folder, timeLimit, parameters] = process.argv.slice(2);
const { convert } = await import(pathToFileURL(`${folder}/convert.js`));
let buffer = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  buffer = Buffer.concat([buffer, chunk]);
  while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32LE()) {
    const end = 4 + buffer.readUInt32LE();
    const file = Buffer.from(buffer.subarray(4, end));
    buffer = Buffer.from(buffer.subarray(end));
    process.stdout.write(`${await judge(file)}\n`);
  }
}

/**
 * In the words of libvips and its decoders. Two say so for other reasons: libheif at a limit of its own and of wrong sizes; libtiff of a list of
 * nothing, and of one that is longer than libvips lets it read.
 */
function ranOutOfMemory(message) {
  return !/ecurity limit|: Invalid |\(0 elements|Out of memory reading of/.test(message)
    && /out of memory|insufficient memory|memory allocation|allocate|no space for|not enough memory/i.test(message);
}

async function judge(file) {
  try {
    await convert(file, JSON.parse(parameters), () => {}, AbortSignal.timeout(Number(timeLimit)));
    return 'read';
  } catch (error) {
    const isRefusal = [413, 415, 422].includes(error.status) && !ranOutOfMemory(error.cause?.message ?? '');
    return isRefusal ? 'refused' : `fault ${String((error.cause ?? error).stack ?? error).replaceAll('\n', ' ')}`;
  }
}
