/** The page: choose a picture and a converter, follow the job, show the result. */

import { Problem, cancel, follow, listConverters, pause, submit } from './api.js';
import { controlsOf, drawControls, readValues } from './parameters.js';
import { describeBytes, describeFindings, describeJob, resultName } from './words.js';

const byId = (id) => document.getElementById(id);
const form = byId('form');
const fileInput = byId('file');
const drop = byId('drop');
const cards = byId('cards');

/** @type {File|null} */
let picture = null;
/** @type {object[]} descriptors, as the API lists them */
let converters = [];
/** @type {import('./parameters.js').Control[]} */
let controls = [];
/** @type {{abort: AbortController, jobId: string|null}|null} the conversion that runs */
let current = null;

// --- the picture

fileInput.addEventListener('change', () => choosePicture(fileInput.files[0]));
addEventListener('paste', (event) => choosePicture(event.clipboardData?.files[0]));
addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('over');
});
addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) {
    drop.classList.remove('over');
  }
});
addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  choosePicture(event.dataTransfer.files[0]);
});

/** @param {File|undefined} file */
function choosePicture(file) {
  if (!file || current) {
    return;
  }
  picture = file;
  hideProblem();
  drop.classList.add('small');
  byId('drop-title').textContent = 'Drop another picture here, or choose one';
  byId('pictures').hidden = false;
  byId('result').hidden = true;
  const facts = `${file.name}, ${describeBytes(file.size)}`;
  show(byId('original'), file, facts, 'Your browser cannot show this file. If it is a picture, it can be converted all the same.');
  say(`${file.name} chosen.`);
}

/**
 * Shows a picture in a figure, with its facts.
 * @param {HTMLElement} figure
 * @param {Blob} blob
 * @param {string} facts
 * @param {string} otherwise what to say where the browser cannot show it
 */
function show(figure, blob, facts, otherwise) {
  const image = figure.querySelector('[data-role=image]');
  const fallback = figure.querySelector('[data-role=fallback]');
  const factLine = figure.querySelector('[data-role=facts]');
  URL.revokeObjectURL(image.src);
  factLine.textContent = facts;
  fallback.hidden = true;
  image.hidden = false;
  image.onload = () => { factLine.textContent = `${facts}, ${image.naturalWidth} × ${image.naturalHeight}`; };
  image.onerror = () => {
    image.hidden = true;
    fallback.hidden = false;
    fallback.textContent = otherwise;
  };
  image.src = URL.createObjectURL(blob);
}

// --- the converters

/** Keeps the list of converters fresh: often while there is none, and now and then later, for who is up. */
async function watchConverters() {
  while (true) {
    let hint = '';
    try {
      showConverters(await listConverters());
      hint = converters.length === 0 ? 'No converter has started yet. This page looks again in a moment.' : '';
    } catch (error) {
      console.warn('The converters could not be listed.', error);
      hint = 'The server does not answer at the moment. This page tries again.';
    }
    byId('converters-hint').textContent = hint;
    byId('converters-hint').hidden = hint === '';
    await pause(hint === '' ? 15_000 : 3_000);
  }
}

/** @param {object[]} list */
function showConverters(list) {
  // Drawn again only when they changed, so that nobody's half-filled settings are lost.
  const isSame = JSON.stringify(list.map(withoutUp)) === JSON.stringify(converters.map(withoutUp));
  converters = list;
  if (!isSame) {
    const chosen = chosenConverter()?.name;
    cards.replaceChildren(...list.map(drawCard));
    const next = cards.querySelector(`input[value="${CSS.escape(chosen ?? '')}"]`) ?? cards.querySelector('input');
    if (next) {
      next.checked = true;
    }
    showSettings();
  }
  list.forEach(({ name, up }) => { byId(`down-${name}`).hidden = up; });
}

function withoutUp({ up, ...descriptor }) {
  return descriptor;
}

function drawCard({ name, title, description }) {
  const card = document.createElement('label');
  card.className = 'card';
  const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'converter', value: name });
  const down = textElement('span', 'Not running now: your picture would wait.', 'down');
  down.id = `down-${name}`;
  card.append(input, textElement('span', title, 'card-title'), textElement('span', description, 'hint'), down);
  return card;
}

function textElement(tag, text, className) {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function chosenConverter() {
  const name = cards.querySelector('input:checked')?.value;
  return converters.find((converter) => converter.name === name);
}

function showSettings() {
  controls = controlsOf(chosenConverter()?.parameters);
  drawControls(byId('controls'), controls);
  byId('settings').hidden = controls.length === 0;
}

cards.addEventListener('change', showSettings);

// --- the conversion

form.addEventListener('submit', (event) => {
  event.preventDefault();
  convert();
});

byId('cancel').addEventListener('click', async () => {
  const conversion = current;
  if (!conversion) {
    return;
  }
  try {
    if (conversion.jobId) {
      await cancel(conversion.jobId);
    }
    conversion.abort.abort();
  } catch (error) {
    showProblem(problemFrom(error, 'The conversion could not be cancelled'));
  }
});

async function convert() {
  const converter = chosenConverter();
  if (current || !isReady(converter)) {
    return;
  }
  hideProblem();
  byId('result').hidden = true;
  const { values, images } = readValues(new FormData(form), controls);
  const original = picture;
  const { signal } = setCurrent({ abort: new AbortController(), jobId: null }).abort;
  try {
    showJob({ state: 'sending' });
    const onWait = () => showJob({ state: 'unreachable' });
    current.jobId = await submit({ converter: converter.name, values, picture: original, images }, { signal, onWait });
    const { blob, info } = await follow(current.jobId, { signal, onState: showJob });
    showResult(blob, info, resultName(original.name, converter.name, blob.type));
  } catch (error) {
    if (signal.aborted) {
      say('Cancelled.');
    } else {
      showProblem(problemFrom(error, 'The picture could not be converted'));
    }
  } finally {
    setCurrent(null);
  }
}

function isReady(converter) {
  if (!picture) {
    showProblem(new Problem('No picture yet', 'Drop a picture on the page or choose one, then convert it.'));
    fileInput.focus();
    return false;
  }
  if (!converter) {
    showProblem(new Problem('No converter yet', 'Wait until the page lists converters, and choose one.'));
    return false;
  }
  return form.reportValidity();
}

let lastState = '';

function setCurrent(conversion) {
  current = conversion;
  lastState = '';
  fileInput.disabled = conversion !== null;
  // Not disabled outright, and not left on a button that goes: the keyboard keeps its place.
  byId('convert').setAttribute('aria-disabled', String(conversion !== null));
  if (conversion === null && document.activeElement === byId('cancel')) {
    byId('convert').focus();
  }
  byId('job').hidden = conversion === null;
  return conversion;
}

function showJob(job) {
  byId('job-text').textContent = describeJob(job);
  const progress = byId('job-progress');
  if (typeof job.progress === 'number') {
    progress.value = job.progress;
  } else {
    progress.removeAttribute('value');
  }
  // Each state is read out once: a figure every second would be a nuisance.
  if (job.state !== lastState) {
    lastState = job.state;
    say(describeJob(job));
  }
}

function showResult(blob, info, name) {
  const result = byId('result');
  show(result, blob, describeBytes(blob.size), 'Your browser cannot show this format. Download the result to see it.');
  const download = byId('download');
  URL.revokeObjectURL(download.href);
  Object.assign(download, { href: URL.createObjectURL(blob), download: name });

  const findings = describeFindings(info);
  byId('findings').hidden = findings.length === 0;
  byId('findings').replaceChildren(...findings.flatMap(([key, value]) => [textElement('dt', key, ''), textElement('dd', value, '')]));
  result.hidden = false;
  result.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  say('Done. The result is beside the original.');
}

// --- messages

/** Puts an error into words; what is no answer of the server is a lost connection, or a mistake of this page. */
function problemFrom(error, title) {
  if (error instanceof Problem) {
    return error;
  }
  console.error(error);
  return new Problem(title, 'The server could not be reached. Check the connection and try again.');
}

/** @param {Problem} problem */
function showProblem(problem) {
  byId('problem-title').textContent = problem.message;
  byId('problem-detail').textContent = problem.detail;
  byId('problem').hidden = false;
}

function hideProblem() {
  byId('problem').hidden = true;
}

/** Has screen readers read a sentence. */
function say(sentence) {
  byId('announcer').textContent = sentence;
}

watchConverters();
