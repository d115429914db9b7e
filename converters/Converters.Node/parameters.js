// The query string, checked as the descriptor says.
import { parseOriginal } from './original.js';
import { problems } from './problems.js';

/**
 * The parameters' values; those not given have their default.
 * @param {Record<string, object>} properties The JSON Schema of each: an enum, or a whole number in bounds.
 * @param {{ canBeLossless?: boolean }} options Whether results can go on to another converter. Then services may ask for it by values that no
 *   schema shows: `format=lossless` becomes isLossless, and `as`, what the recipe's original was, original.
 */
export const parameterReader = (properties, { canBeLossless = false } = {}) => query => {
  const values = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, property.default]));
  for (const name of new Set(query.keys())) {
    if (canBeLossless && name === 'as') {
      values.original = query.getAll(name).length === 1 ? parseOriginal(query.get(name)) : null;
      if (!values.original) {
        throw problems.invalidParameters(`The parameter 'as' is what another converter said of its input; it was '${shortened(query.getAll(name).join(','))}'.`);
      }

      continue;
    }

    if (canBeLossless && name === 'format' && query.getAll(name).length === 1 && query.get(name) === 'lossless') {
      values.isLossless = true;
      continue;
    }

    const property = Object.hasOwn(properties, name) ? properties[name] : null;
    if (!property) {
      throw problems.invalidParameters(`There is no parameter '${shortened(name)}' here. Use only: ${Object.keys(properties).join(', ')}.`);
    }

    const texts = query.getAll(name);
    const value = property.enum ? texts[0] : numberOf(texts[0]);
    const isAllowed = property.enum?.includes(value) ?? (Number.isInteger(value) && value >= property.minimum && value <= property.maximum);
    if (texts.length > 1 || !isAllowed) {
      const allowed = property.enum ? `one of ${property.enum.join(', ')}` : `a whole number from ${property.minimum} to ${property.maximum}`;
      throw problems.invalidParameters(`The parameter '${name}' must be ${allowed}, given once; it was '${shortened(texts.join(','))}'.`);
    }

    values[name] = value;
  }

  return values;
};

const numberOf = text => (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN);
const shortened = text => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
