import './Segmented.css';
import { useId } from 'react';

interface Choice {
  value: string;
  label: string;
}

/** A choice between a few values, shown side by side: radio buttons that look like one control. */
export function Segmented({ label, choices, value, onChange, describedBy }: {
  label: string;
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
  describedBy?: string;
}) {
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label} aria-describedby={describedBy}>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input type="radio" className="visually-hidden" name={name} value={choice.value} checked={choice.value === value}
            onChange={() => onChange(choice.value)} />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}
