/** From a converter's JSON Schema to the fields of its form, and from the fields to what is sent. */
import { formatNameOfValue } from '../pictures/formats';
import type { Corrections } from './boxes';

interface Property {
  title?: string;
  description?: string;
  type?: string | string[];
  enum?: (string | number)[];
  oneOf?: { const?: string | number; title?: string }[];
  default?: string | number | boolean | unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  contentMediaType?: string;
  'x-unit'?: string;
}

interface FieldBase {
  name: string;
  title: string;
  description: string;
  required: boolean;
}

export interface NumberField extends FieldBase {
  kind: 'number';
  /** Drawn with a slider: both bounds are known. */
  slider: boolean;
  min: number | null;
  max: number | null;
  /** null: any number. */
  step: number | null;
  unit: string;
  initial: string;
}

export interface ChoiceField extends FieldBase {
  kind: 'choice';
  choices: { value: string; label: string }[];
  initial: string;
}

export interface SwitchField extends FieldBase {
  kind: 'switch';
  initial: string;
}

export interface ImageField extends FieldBase {
  kind: 'image';
}

/** Boxes that are drawn on the picture, not in the form: each picture has its own. */
export interface BoxesField extends FieldBase {
  kind: 'boxes';
}

export interface TextField extends FieldBase {
  kind: 'text';
  maxLength: number | null;
  pattern: string | null;
  initial: string;
}

export type Field = NumberField | ChoiceField | SwitchField | ImageField | BoxesField | TextField;

/** The contents of a form: texts as they were entered, and chosen files. */
export type Values = Record<string, string | File | undefined>;

/** The fields of a schema of type object, in the schema's order. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties, required } = (schema ?? {}) as { properties?: Record<string, Property>; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, property]) => fieldOf(name, property, required?.includes(name) ?? false));
}

function fieldOf(name: string, property: Property, required: boolean): Field {
  const common: FieldBase = { name, title: property.title ?? titleFromName(name), description: property.description ?? '', required };
  const type = Array.isArray(property.type) ? property.type.find((each) => each !== 'null') : property.type;
  const choices = choicesOf(property);
  const initial = property.default === undefined || Array.isArray(property.default) ? '' : String(property.default);
  if (choices !== null) {
    // When there is no default, leaving the value out must stay possible.
    const noChoice = property.default === undefined && !required ? [{ value: '', label: 'As it is' }] : [];
    const first = required ? (choices[0]?.value ?? '') : '';
    return { ...common, kind: 'choice', choices: [...noChoice, ...choices], initial: initial || first };
  }
  switch (type) {
    case 'boolean':
      return { ...common, kind: 'switch', initial: initial || 'false' };
    case 'number':
    case 'integer':
      return numberField(common, property, type, initial);
    case 'array':
      return property.format === 'boxes' ? { ...common, kind: 'boxes' } : textField(common, property, initial);
    default:
      return property.format === 'binary' || property.contentMediaType?.startsWith('image/')
        ? { ...common, kind: 'image' }
        : textField(common, property, initial);
  }
}

function textField(common: FieldBase, property: Property, initial: string): TextField {
  return { ...common, kind: 'text', maxLength: property.maxLength ?? null, pattern: property.pattern ?? null, initial };
}

function numberField(common: FieldBase, property: Property, type: string, initial: string): NumberField {
  const step = property.multipleOf ?? (type === 'integer' ? 1 : null);
  const min = property.minimum ?? (property.exclusiveMinimum === undefined ? null : property.exclusiveMinimum + (step ?? 0));
  const max = property.maximum ?? (property.exclusiveMaximum === undefined ? null : property.exclusiveMaximum - (step ?? 0));
  // A slider always has a value, so it needs one to start with.
  const slider = min !== null && max !== null && max > min && initial !== '';
  return { ...common, kind: 'number', slider, min, max, step, unit: property['x-unit'] ?? '', initial };
}

function choicesOf(property: Property): ChoiceField['choices'] | null {
  if (property.enum !== undefined) {
    return property.enum.map((value) => ({ value: String(value), label: choiceLabel(value) }));
  }
  if (property.oneOf !== undefined && property.oneOf.every((each) => each.const !== undefined)) {
    return property.oneOf.map(({ const: value, title }) => ({ value: String(value), label: title ?? choiceLabel(value!) }));
  }
  return null;
}

function choiceLabel(value: string | number): string {
  return typeof value === 'number' ? String(value) : (formatNameOfValue(value) ?? titleFromName(value));
}

/** "edge-strength" becomes "Edge strength". */
function titleFromName(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The values of a form that nobody has changed. */
export function initialValues(fields: Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, isDrawn(field) ? undefined : field.initial]));
}

/** Whether a field has no text: a file, or what is on the picture. */
function isDrawn(field: Field): field is ImageField | BoxesField {
  return field.kind === 'image' || field.kind === 'boxes';
}

/** Whether a field has its initial value. */
export function isInitial(field: Field, value: Values[string]): boolean {
  return isDrawn(field) ? value === undefined : (value ?? '') === field.initial;
}

/** What is wrong with a value, in a sentence; null when the value is valid. */
export function validationError(field: Field, value: Values[string]): string | null {
  if (value === undefined || value === '') {
    return !field.required || field.kind === 'boxes' ? null
      : field.kind === 'image' ? `Choose a picture for “${field.title}”.`
      : `“${field.title}” is needed.`;
  }
  if (field.kind === 'text' && typeof value === 'string') {
    return field.maxLength !== null && value.length > field.maxLength ? `“${field.title}” has ${field.maxLength} characters at most.`
      : field.pattern !== null && !new RegExp(field.pattern, 'u').test(value) ? `“${field.title}” is not written as it should be.`
      : null;
  }
  return field.kind === 'number' && typeof value === 'string' && !isAllowed(field, Number(value))
    ? `“${field.title}” is ${describeAllowed(field)}.`
    : null;
}

/** How far a value may be from a multiple of the step, in steps: 0.3 is a multiple of 0.1, but not in binary. */
const TOLERANCE = 1e-9;

function isAllowed({ min, max, step }: NumberField, value: number): boolean {
  return Number.isFinite(value)
    && (min === null || value >= min)
    && (max === null || value <= max)
    && (step === null || Math.abs(value / step - Math.round(value / step)) <= TOLERANCE);
}

function describeAllowed({ min, max, step }: NumberField): string {
  const kind = step === 1 ? 'a whole number' : 'a number';
  const range = min !== null && max !== null ? ` from ${min} to ${max}`
    : min !== null ? ` of ${min} or more`
    : max !== null ? ` of ${max} or less`
    : '';
  return `${kind}${range}${step !== null && step !== 1 ? `, in steps of ${step}` : ''}`;
}

/** The query of the request, and the pictures beside it. An empty value is left out, so that the converter uses its default. */
export function toRequestParts(fields: Field[], values: Values): { query: [string, string][]; images: [string, File][] } {
  const query: [string, string][] = [];
  const images: [string, File][] = [];
  for (const { name, kind } of fields) {
    const value = values[name];
    if (kind === 'image') {
      if (value instanceof File) {
        images.push([name, value]);
      }
    } else if (typeof value === 'string' && value !== '') {
      query.push([name, value]);
    }
  }
  return { query, images };
}

/** The query's part for boxes: what a person corrected on one picture. */
export function toBoxesQuery(fields: Field[], corrections: Corrections): [string, string][] {
  return fields.flatMap(({ name, kind }) => {
    const boxes = kind === 'boxes' && (name === 'add' || name === 'leave') ? corrections[name] : [];
    return boxes.length === 0 ? [] : [[name, JSON.stringify(boxes)] as [string, string]];
  });
}

/** The step of a slider; a hundredth of the range when the number has no step of its own. */
export function sliderStep({ min, max, step }: NumberField): number {
  return step ?? ((max ?? 1) - (min ?? 0)) / 100;
}
