import './Tray.css';
import { Check, CircleAlert, X } from 'lucide-react';
import { announce } from '../ui/announce';
import { useEditor, useWorkspace } from './instance';
import { currentOf, resultOf } from './trail';
import { describeRun, progressOf } from './words';
import type { Picture } from './workspace';

/** All pictures that are open, each with how its conversion stands. */
export function Tray() {
  const editor = useEditor();
  const pictures = useWorkspace((workspace) => workspace.pictures);
  const selected = useWorkspace((workspace) => workspace.selected);
  return (
    <ul className="tray" aria-label="Open pictures">
      {pictures.map((picture) => (
        <li key={picture.id} className={picture.id === selected ? 'selected' : ''}>
          <button type="button" className="tray-picture" aria-pressed={picture.id === selected} aria-label={`${picture.name}, ${stateOf(picture)}`} onClick={() => editor.select(picture.id)}>
            <img src={editor.blobs.url(currentOf(picture.history.present)) ?? undefined} alt="" />
            {picture.run !== null && <Ring progress={progressOf(picture.run.state)} />}
            {picture.run === null && picture.problem !== null && <span className="badge fault"><CircleAlert aria-hidden size={14} /></span>}
            {picture.run === null && picture.problem === null && resultOf(picture.history.present) !== null && <span className="badge done"><Check aria-hidden size={14} /></span>}
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
  return run !== null ? describeRun(run.state) : problem !== null ? problem.message : resultOf(history.present) === null ? 'not converted' : 'converted';
}

/** A ring that fills; it turns while there is no telling how far the work is. */
function Ring({ progress }: { progress: number | null }) {
  return (
    <span className="ring-veil">
      <svg className={`ring ${progress === null ? 'turning' : ''}`} viewBox="0 0 36 36" aria-hidden>
        <circle cx="18" cy="18" r="14" pathLength="100" />
        <circle cx="18" cy="18" r="14" pathLength="100" className="done" strokeDasharray={`${progress === null ? 25 : progress * 100} 100`} />
      </svg>
    </span>
  );
}
