// The query string, checked as the descriptor says.
import { problems } from './problems.js';

/**
 * The parameters' values; those not given have their default.
 * @param {Record<string, object>} properties The JSON Schema of each: an enum, or a whole number in bounds.
 */
export const parameterReader = properties => query => {
  const values = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, property.default]));
  for (const name of new Set(query.keys())) {
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
