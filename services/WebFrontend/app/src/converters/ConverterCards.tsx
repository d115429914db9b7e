import './ConverterCards.css';
import { PlugZap, RotateCcw, Zap } from 'lucide-react';
import { ParameterForm } from '../forms/ParameterForm';
import { type Field, initialValues, isInitial, type Values } from '../forms/schema';
import type { Converter } from '../http/types';

/** The converters as cards. The chosen one shows its settings. */
export function ConverterCards({ converters, hasFailed, chosen, fields, values, onChoose, onValues }: {
  /** null until the list is loaded. */
  converters: Converter[] | null;
  hasFailed: boolean;
  chosen: Converter | null;
  fields: Field[];
  values: Values;
  onChoose: (name: string) => void;
  onValues: (name: string, values: Values) => void;
}) {
  if (converters === null) {
    return hasFailed ? null : (
      <div className="cards" role="status" aria-label="Loading converters">
        {[0, 1, 2, 3].map((each) => <div key={each} className="card skeleton" />)}
      </div>
    );
  }
  return (
    <div className="cards" role="radiogroup" aria-label="Converter">
      {converters.map((converter) => {
        const isChosen = converter === chosen;
        return (
          <div key={converter.name} className={`card ${isChosen ? 'chosen' : ''}`}>
            <label className="card-head">
              <input type="radio" className="visually-hidden" name="converter" value={converter.name} checked={isChosen}
                onChange={() => onChoose(converter.name)} aria-describedby={`about-${converter.name}`} />
              <span className="card-title">
                {converter.title}
                {converter.accelerator && (
                  <span className="mark" title="Runs on a graphics card where there is one"><Zap aria-hidden size={12} />accelerated</span>
                )}
                {!converter.up && <span className="mark down"><PlugZap aria-hidden size={12} />away</span>}
              </span>
              <span className="hint" id={`about-${converter.name}`}>
                {converter.description}
                {!converter.up && (
                  <span className="down-hint"> It is not running at the moment: your picture waits for it, or choose another.</span>
                )}
              </span>
            </label>
            {isChosen && fields.length > 0 && (
              <div className="settings">
                <ParameterForm fields={fields} values={values} onChange={(next) => onValues(converter.name, next)} />
                <button type="button" className="button text reset" disabled={fields.every((field) => isInitial(field, values[field.name]))}
                  onClick={() => onValues(converter.name, initialValues(fields))}>
                  <RotateCcw aria-hidden size={14} />Reset all
                </button>
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}
