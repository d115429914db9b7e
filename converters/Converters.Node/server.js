// A converter as a process: routes, slots, limits of the body, and progress.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readImage } from './body.js';
import { Problem, problems } from './problems.js';
import { settings } from './settings.js';
import { startTelemetry } from './telemetry.js';

/** Milliseconds. A caller who has just read a response may send the next request before the slot of the first is released. */
const slotTimeout = 200;
let freeSlots = settings.concurrentRequests;

/**
 * Serves a converter until the process is told to stop; one in a process.
 * @param {{ name: string }} descriptor What it answers of itself.
 * @param {(query: URLSearchParams) => object} readParameters Refuses those that are wrong.
 * @param {(file: Buffer, parameters: object, report: (progress: number) => void, signal: AbortSignal) => Promise<{ file: Buffer, mediaType: string, original?: string }>} convert
 *   The original is what the recipe's first input was, where another converter goes on with the result.
 */
export async function serve(descriptor, readParameters, convert) {
  const { flush, log, observe } = await startTelemetry(descriptor.name);
  const answer = (request, response) => handle(request, response, { descriptor, readParameters, convert, log, observe });
  const server = http.createServer(answer);

  // A body that is not wanted is refused before it is sent.
  server.on('checkContinue', answer);
  server.requestTimeout = 0;
  server.listen(settings.port, settings.host, () => log.started(settings.port));
  process.once('SIGTERM', () => server.close(async () => {
    log.stopped();
    await flush();
    process.exit();
  }));
}

async function handle(request, response, { descriptor, readParameters, convert, log, observe }) {
  const url = new URL(request.url, 'http://converter');
  const route = `${request.method} ${url.pathname}`;
  let within;
  try {
    if (route === 'GET /health' || route === 'GET /alive') {
      response.setHeader('Content-Type', 'text/plain').end('Healthy');
    } else if (route === 'GET /descriptor') {
      observe(request, response, url.pathname);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(descriptor));
    } else if (route === 'POST /convert') {
      within = observe(request, response, url.pathname);
      await handleConvert(request, response, readParameters(url.searchParams), convert);
    } else if (['/health', '/alive', '/descriptor', '/convert'].includes(url.pathname)) {
      throw problems.methodNotAllowed('Use GET for health, alive and descriptor, and POST for convert.');
    } else {
      throw problems.notFound('This converter answers at /convert, /descriptor, /health and /alive.');
    }
  } catch (error) {
    if (response.destroyed) {
      return;
    }

    if (error instanceof Problem) {
      log.refused(error.type, error.status, within);
    } else {
      log.failed(error, within);
    }

    const problem = error instanceof Problem ? error : problems.internalError('The conversion failed for a reason that is not the picture\'s. Try again.');
    if (response.headersSent) {
      endParts(response, { 'Content-Type': Problem.mediaType }, problem.body);
    } else {
      response.writeHead(problem.status, { 'Content-Type': Problem.mediaType, ...problem.headers }).end(problem.body);
    }
  }
}

async function handleConvert(request, response, parameters, convert) {
  // One controller for whatever ends it: what AbortSignal.any and AbortSignal.timeout make is held by nobody, and is gone, with the time limit, when
  // garbage is collected next.
  const ending = new AbortController();
  response.on('close', () => ending.abort());

  // Between two steps of a recipe a picture is larger than its file was.
  const maxBytes = parameters.original ? settings.maxStepBytes : settings.maxInputBytes;
  if (Number(request.headers['content-length']) > maxBytes) {
    throw problems.tooLarge(`The body has more than ${maxBytes >> 20} MB. Send a smaller picture.`);
  }

  await takeSlot();
  try {
    if (/^100-continue$/i.test(request.headers.expect ?? '')) {
      response.writeContinue();
    }

    const image = await readImage(request, maxBytes, ending.signal);
    const wantsParts = /multipart\/mixed/i.test(request.headers.accept ?? '');
    const report = wantsParts ? progress => writePart(response, { 'Content-Type': 'application/json' }, JSON.stringify({ progress })) : () => {};
    const result = await withinTimeLimit(ending, () => convert(image, parameters, report, ending.signal));
    const headers = { 'Content-Type': result.mediaType, ...(result.original ? { 'X-Original': result.original } : {}) };
    if (response.headersSent) {
      endParts(response, headers, result.file);
    } else {
      response.writeHead(200, { ...headers, 'Content-Length': result.file.length }).end(result.file);
    }
  } finally {
    freeSlots++;
  }
}

/** What the work yields, which is told by a TimeoutError as the signal's reason when the time limit is over. */
async function withinTimeLimit(ending, work) {
  const timer = setTimeout(() => ending.abort(new DOMException('The time limit is over.', 'TimeoutError')), settings.timeLimit);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

async function takeSlot() {
  if (freeSlots === 0) {
    await delay(slotTimeout);
  }

  if (freeSlots === 0) {
    throw problems.full('This converter has its hands full. Try again in a moment.');
  }

  freeSlots--;
}

// A multipart/mixed answer (RFC 2046): messages as they come, and last the image or a problem.
const boundary = randomUUID();

function writePart(response, headers, body) {
  if (!response.headersSent) {
    response.writeHead(200, { 'Content-Type': `multipart/mixed; boundary=${boundary}` });
  }

  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  response.write(`\r\n--${boundary}\r\n${lines}\r\n`);
  response.write(body);
}

function endParts(response, headers, body) {
  writePart(response, headers, body);
  response.end(`\r\n--${boundary}--\r\n`);
}
