import './Tray.css';
import { Check, CircleAlert, X } from 'lucide-react';
import { announce } from '../ui/announce';
import { useEditor, useWorkspace } from './editorContext';
import { describeRun, progressOf } from './runStatus';
import { currentOf, resultOf } from './steps';
import type { Picture } from './workspace';

/** The open pictures, each with the state of its conversion. */
export function Tray() {
  const editor = useEditor();
  const pictures = useWorkspace((workspace) => workspace.pictures);
  const selected = useWorkspace((workspace) => workspace.selected);
  return (
    <ul className="tray" aria-label="Open pictures">
      {pictures.map((picture) => (
        <li key={picture.id} className={picture.id === selected ? 'selected' : ''}>
          <button type="button" className="tray-picture" aria-pressed={picture.id === selected}
            aria-label={`${picture.name}, ${stateOf(picture)}`} onClick={() => editor.select(picture.id)}>
            <img src={editor.cache.url(currentOf(picture.history.present)) ?? undefined} alt="" />
            {picture.run !== null && <Ring progress={progressOf(picture.run.state)} />}
            {picture.run === null && picture.problem !== null && <span className="badge error"><CircleAlert aria-hidden size={14} /></span>}
            {picture.run === null && picture.problem === null && resultOf(picture.history.present) !== null && (
              <span className="badge done"><Check aria-hidden size={14} /></span>
            )}
          </button>
          <button type="button" className="icon-button close" aria-label={`Close ${picture.name}`}
            onClick={() => void editor.close(picture.id).then(() => announce(`${picture.name} closed.`))}>
            <X aria-hidden size={13} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function stateOf({ run, problem, history }: Picture): string {
  return run !== null ? describeRun(run.state)
    : problem !== null ? problem.message
    : resultOf(history.present) === null ? 'not converted' : 'converted';
}

/** A ring that fills with the progress, and turns while the progress is not known. */
function Ring({ progress }: { progress: number | null }) {
  return (
    <span className="ring-veil">
      <svg className={`ring ${progress === null ? 'turning' : ''}`} viewBox="0 0 36 36" aria-hidden>
        <circle cx="18" cy="18" r="14" pathLength="100" />
        <circle cx="18" cy="18" r="14" pathLength="100" className="done"
          strokeDasharray={`${progress === null ? 25 : progress * 100} 100`} />
      </svg>
    </span>
  );
}
