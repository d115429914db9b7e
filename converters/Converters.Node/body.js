// Reads the picture of a request: the whole body, or the part of a form.
import { Busboy } from '@fastify/busboy';
import { problems } from './problems.js';

export async function readImage(request, maxBytes, signal) {
  return /^multipart\/form-data/i.test(request.headers['content-type'] ?? '') ? readForm(request, maxBytes, signal) : readAll(request, maxBytes);
}

async function readAll(stream, maxBytes) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw tooLarge(maxBytes);
    }

    chunks.push(chunk);
  }

  return Buffer.concat(chunks, bytes);
}

async function readForm(request, maxBytes, signal) {
  let form;
  try {
    // Every part is a file, whether it has a file name or not: as text it would be damaged.
    form = new Busboy({ headers: request.headers, isPartAFile: () => true, limits: { fileSize: maxBytes } });
  } catch {
    throw problems.invalidParameters('A form needs a boundary in its Content-Type.');
  }

  let refusal;
  let hasImage = false;
  let image;
  const take = async (name, stream) => {
    if (name === 'image' && !hasImage) {
      hasImage = true;
      image = await readAll(stream, maxBytes);
      refusal ??= stream.truncated ? tooLarge(maxBytes) : undefined;
    } else {
      // What is not wanted is not kept: a form may have any number of parts.
      refusal ??= problems.invalidParameters(name === 'image'
        ? 'The form has more than one part \'image\'.'
        : 'The form may have only these parts: image. Other parameters go into the address.');
      stream.resume();
    }
  };
  const parts = [];
  form.on('file', (name, stream) => parts.push(take(name, stream)));
  await new Promise((resolve, reject) => {
    form.on('finish', resolve);
    form.on('error', reject);
    request.on('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason));
    request.pipe(form);
  }).catch(error => {
    throw signal.aborted ? error : problems.invalidParameters('The form could not be read to its end; compare it with RFC 7578.');
  });
  await Promise.all(parts);
  refusal ??= hasImage ? undefined : problems.invalidParameters('The form has no part \'image\'; send the picture as one.');
  if (refusal) {
    throw refusal;
  }

  return image;
}

const tooLarge = maxBytes => problems.tooLarge(`The picture has more than ${maxBytes >> 20} MB. Send a smaller one.`);
