import './About.css';
import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { useState } from 'react';
import { Dialog } from '../ui/Dialog';

/** An entry of the manifest of models, which the build writes. */
interface Model {
  name: string;
  package: string;
  version: string;
  licence: string;
  origin: string;
}

async function fetchModels(): Promise<Model[]> {
  const response = await fetch('/models.json');
  if (!response.ok) {
    throw new Error(`The list of networks is not there (${response.status}).`);
  }
  return ((await response.json()) as { models: Model[] }).models;
}

/** A button that opens the origins and licences of the neural networks that the converters use. */
export function About() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button text" onClick={() => setOpen(true)}>
        <Info aria-hidden size={14} />About the neural networks
      </button>
      {isOpen && <Dialog title="Neural networks" onClose={() => setOpen(false)}><ModelCredits /></Dialog>}
    </>
  );
}

function ModelCredits() {
  const { data: models, isError } = useQuery({ queryKey: ['models'], queryFn: fetchModels, staleTime: Infinity });
  if (models === undefined) {
    return <p role="status">{isError ? 'The list cannot be loaded at the moment. Close this and try again.' : 'Loading …'}</p>;
  }
  return (
    <>
      <p className="hint">These were made and trained by others, and are used here under their licences.</p>
      <ul className="model-credits">
        {models.filter((model, index) => models.findIndex((other) => hasSameSource(other, model)) === index).map((first) => (
          <li key={first.name}>
            <strong>{first.origin}</strong>
            <span className="hint">
              {models.filter((model) => hasSameSource(model, first)).map(({ name }) => name).join(', ')}
              {` · ${first.licence} · ${first.package} ${first.version}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function hasSameSource(one: Model, other: Model): boolean {
  return one.origin === other.origin && one.licence === other.licence && one.package === other.package && one.version === other.version;
}
