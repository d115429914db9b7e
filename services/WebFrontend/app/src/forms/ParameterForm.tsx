import './ParameterForm.css';
import { ChevronDown, ImagePlus, RotateCcw, X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { ACCEPTED_PICTURES } from '../pictures/formats';
import { Segmented } from '../ui/Segmented';
import {
  type ChoiceField, type Field, type ImageField, isInitial, type NumberField, sliderStep, type SwitchField, type TextField, validationError,
  type Values,
} from './schema';

interface ControlProps<F extends Field> {
  field: F;
  id: string;
  value: Values[string];
  describedBy: string | undefined;
  isInvalid: boolean;
  onChange: (value: Values[string]) => void;
}

/** The form of a converter's parameters, drawn from its schema. */
export function ParameterForm({ fields, values, onChange }: { fields: Field[]; values: Values; onChange: (values: Values) => void }) {
  return (
    <div className="parameters">
      {fields.map((field) => (
        <Parameter key={field.name} field={field} value={values[field.name]}
          onChange={(value) => onChange({ ...values, [field.name]: value })} />
      ))}
    </div>
  );
}

function Parameter({ field, value, onChange }: { field: Field; value: Values[string]; onChange: (value: Values[string]) => void }) {
  const id = useId();
  const error = validationError(field, value);
  const isChanged = !isInitial(field, value);
  // An empty field is reported when the conversion is started, not before the person could fill it in.
  const shownError = error !== null && value !== undefined && value !== '' ? error : null;
  const describedBy = [field.description ? `${id}-hint` : '', shownError ? `${id}-error` : ''].join(' ').trim() || undefined;
  const props = { id, value, describedBy, isInvalid: shownError !== null, onChange };
  return (
    <div className={`parameter ${field.kind}`}>
      <div className="parameter-head">
        <Label field={field} id={id} />
        {isChanged && field.kind !== 'image' && field.kind !== 'boxes' && (
          <button type="button" className="icon-button small" aria-label={`Reset ${field.title}`} title="Reset"
            onClick={() => onChange(field.initial)}>
            <RotateCcw aria-hidden size={14} />
          </button>
        )}
        {field.kind === 'switch' && <SwitchControl {...props} field={field} />}
      </div>
      {field.kind === 'number' && <NumberControl {...props} field={field} />}
      {field.kind === 'choice' && <ChoiceControl {...props} field={field} />}
      {field.kind === 'image' && <ImageControl {...props} field={field} />}
      {field.kind === 'text' && <TextControl {...props} field={field} />}
      {field.kind === 'boxes' && <p className="hint">Drawn on the picture, once it has been converted.</p>}
      {field.description && <p className="hint" id={`${id}-hint`}>{field.description}</p>}
      {shownError && <p className="field-error" id={`${id}-error`} role="alert">{shownError}</p>}
    </div>
  );
}

function Label({ field, id }: { field: Field; id: string }): ReactNode {
  const text = <>{field.title}{field.required && <span className="required"> needed</span>}</>;
  return isSegmented(field) || field.kind === 'boxes'
    ? <span className="label">{text}</span>
    : <label className="label" htmlFor={id}>{text}</label>;
}

function NumberControl({ field, id, value, describedBy, isInvalid, onChange }: ControlProps<NumberField>) {
  const text = typeof value === 'string' ? value : '';
  const number = Number(text === '' ? field.initial : text);
  const fill = field.slider ? ((number - field.min!) / (field.max! - field.min!)) * 100 : 0;
  return (
    <div className="number-control">
      {field.slider && (
        <input type="range" aria-label={`${field.title}, slider`} min={field.min!} max={field.max!} step={sliderStep(field)}
          value={Number.isFinite(number) ? number : field.min!} style={{ '--fill': `${Math.min(100, Math.max(0, fill))}%` }}
          onChange={(event) => onChange(event.target.value)} />
      )}
      <span className="number-box">
        <input id={id} type="number" inputMode="decimal" min={field.min ?? undefined} max={field.max ?? undefined}
          step={field.step ?? 'any'} value={text} aria-describedby={describedBy}
          aria-invalid={isInvalid || undefined} required={field.required}
          onChange={(event) => onChange(event.target.value)} />
        {field.unit && <span className="unit">{field.unit}</span>}
      </span>
    </div>
  );
}

/** Whether the choices are few and short enough to be shown side by side; otherwise they are in a list. */
function isSegmented(field: Field): boolean {
  return field.kind === 'choice' && field.choices.length <= 5 && field.choices.reduce((sum, { label }) => sum + label.length + 2, 0) <= 38;
}

function ChoiceControl({ field, id, value, describedBy, onChange }: ControlProps<ChoiceField>) {
  const text = typeof value === 'string' ? value : '';
  if (isSegmented(field)) {
    return <Segmented label={field.title} choices={field.choices} value={text} onChange={onChange} describedBy={describedBy} />;
  }
  return (
    <span className="select">
      <select id={id} value={text} aria-describedby={describedBy} required={field.required}
        onChange={(event) => onChange(event.target.value)}>
        {field.choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
      <ChevronDown aria-hidden size={16} />
    </span>
  );
}

function SwitchControl({ id, value, describedBy, onChange }: ControlProps<SwitchField>) {
  return (
    <input id={id} type="checkbox" role="switch" className="switch-control" checked={value === 'true'} aria-describedby={describedBy}
      onChange={(event) => onChange(String(event.target.checked))} />
  );
}

function TextControl({ field, id, value, describedBy, isInvalid, onChange }: ControlProps<TextField>) {
  return (
    <input id={id} type="text" className="text-input" value={typeof value === 'string' ? value : ''} aria-describedby={describedBy}
      aria-invalid={isInvalid || undefined} required={field.required} maxLength={field.maxLength ?? undefined}
      onChange={(event) => onChange(event.target.value)} />
  );
}

function ImageControl({ field, id, value, describedBy, onChange }: ControlProps<ImageField>) {
  const file = value instanceof File ? value : null;
  return (
    <div className="image-control">
      <span className="image-choice">
        <input id={id} type="file" accept={ACCEPTED_PICTURES} aria-describedby={describedBy} required={field.required}
          onChange={(event) => onChange(event.target.files?.[0])} />
        {file ? <FilePreview file={file} /> : <ImagePlus aria-hidden size={20} />}
        <span>{file?.name ?? 'Choose a picture'}</span>
      </span>
      {file && (
        <button type="button" className="icon-button" aria-label={`Take ${file.name} away`} onClick={() => onChange(undefined)}>
          <X aria-hidden size={16} />
        </button>
      )}
    </div>
  );
}

function FilePreview({ file }: { file: File }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    image.current!.src = url;
    return () => URL.revokeObjectURL(url);
  }, [file]);
  return <img ref={image} alt="" />;
}
