/** A converter's parameters: from their JSON Schema to form controls, and from the controls to values. */

/**
 * @typedef {object} Control
 * @property {string} name the parameter
 * @property {string} title
 * @property {string} description may be empty
 * @property {'slider'|'number'|'choice'|'switch'|'image'|'text'} kind
 * @property {boolean} required
 * @property {string|number|boolean} value what it starts with; '' for none
 * @property {(string|number)[]} [choices] of a choice
 * @property {number} [min] of a slider or number
 * @property {number} [max] of a slider or number
 * @property {number|'any'} [step] of a slider or number
 */

/**
 * Chooses a control for each parameter.
 * @param {object} schema a JSON Schema of type object
 * @returns {Control[]} in the schema's order
 */
export function controlsOf(schema) {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    title: property.title ?? name,
    description: property.description ?? '',
    required: (schema.required ?? []).includes(name),
    value: property.default ?? '',
    ...kindOf(property),
  }));
}

function kindOf(property) {
  if (Array.isArray(property.enum)) {
    return { kind: 'choice', choices: property.enum };
  }
  if (property.type === 'boolean') {
    return { kind: 'switch', value: property.default ?? false };
  }
  if (property.type === 'number' || property.type === 'integer') {
    const { minimum: min, maximum: max } = property;
    const step = property.multipleOf ?? (property.type === 'integer' ? 1 : 'any');
    // A slider always has a value, so a parameter that may be left out needs a default for one.
    const isSlider = Number.isFinite(min) && Number.isFinite(max) && property.default !== undefined;
    return { kind: isSlider ? 'slider' : 'number', min, max, step };
  }
  return { kind: property.format === 'binary' ? 'image' : 'text' };
}

/**
 * Draws the controls.
 * @param {Element} container is emptied first
 * @param {Control[]} controls
 */
export function drawControls(container, controls) {
  container.replaceChildren(...controls.map(drawControl));
}

function drawControl(control) {
  const id = `parameter-${control.name}`;
  const row = element('div', { className: 'control' });
  const label = element('label', { htmlFor: id, textContent: control.title });
  const input = drawInput(control, id);
  row.append(...(control.kind === 'switch' ? [input, label] : [label, input]));
  row.classList.toggle('switch', control.kind === 'switch');

  if (control.kind === 'slider') {
    row.append(drawSlider(control, input));
    row.classList.add('with-slider');
  }
  if (control.description) {
    row.append(element('p', { id: `${id}-hint`, className: 'hint', textContent: control.description }));
    input.setAttribute('aria-describedby', `${id}-hint`);
  }
  return row;
}

function drawInput(control, id) {
  const common = { id, name: control.name, required: control.required };
  switch (control.kind) {
    case 'choice': {
      const select = element('select', common);
      const open = control.value === '' ? [new Option('Default', '')] : [];
      select.append(...open, ...control.choices.map((choice) => new Option(choice, choice)));
      select.value = control.value;
      return select;
    }
    case 'switch':
      return element('input', { ...common, required: false, type: 'checkbox', checked: control.value });
    case 'image':
      return element('input', { ...common, type: 'file', accept: 'image/*' });
    case 'text':
      return element('input', { ...common, type: 'text', value: control.value });
    default: {
      const { min = '', max = '', step } = control;
      return element('input', { ...common, type: 'number', min, max, step, value: control.value });
    }
  }
}

/** A slider beside a number box: either follows the other, and the box has the value. */
function drawSlider(control, box) {
  const step = control.step === 'any' ? (control.max - control.min) / 100 : control.step;
  const slider = element('input', { type: 'range', min: control.min, max: control.max, step });
  slider.setAttribute('aria-label', `${control.title}, as a slider`);
  slider.value = control.value;
  slider.addEventListener('input', () => { box.value = slider.value; });
  box.addEventListener('input', () => { slider.value = box.value; });
  return slider;
}

/**
 * Reads the controls' values. What was left empty is left out, so that the converter's default counts.
 * @param {FormData} data of the form with the controls
 * @param {Control[]} controls
 * @returns {{values: [string, string][], images: [string, File][]}}
 */
export function readValues(data, controls) {
  const values = [];
  const images = [];
  for (const { name, kind } of controls) {
    const value = data.get(name);
    if (kind === 'switch') {
      values.push([name, String(value !== null)]);
    } else if (kind === 'image') {
      if (value?.size > 0) {
        images.push([name, value]);
      }
    } else if (value !== null && value !== '') {
      values.push([name, value]);
    }
  }
  return { values, images };
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
