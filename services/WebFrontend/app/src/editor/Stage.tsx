import './Stage.css';
import { ArrowRight, Download, Redo2, Trash2, Undo2 } from 'lucide-react';
import { formatName } from '../pictures/formats';
import { announce } from '../ui/announce';
import { type Shown, Viewer } from '../viewer/Viewer';
import { AddButtons } from './AddButtons';
import { useEditor } from './instance';
import { currentOf, resultOf } from './trail';
import { describeBytes } from './words';
import { type Picture, shownSteps, type Step } from './workspace';

/** The picture, what it was and became, and the steps that led there. */
export function Stage({ picture }: { picture: Picture }) {
  const editor = useEditor();
  const { before, after, current } = shownSteps(picture);
  const shown = (step: Step): Shown | null => {
    const url = editor.blobs.url(step.id);
    return url === null ? null : {
      id: step.id,
      url,
      label: labelOf(step),
      alt: step.recipe === null ? `The picture you chose, ${step.name}` : `The result of ${step.recipe.title}`,
      format: formatName(step.type),
      size: step.size,
    };
  };
  const main = shown(current);
  const preview = picture.run?.state.phase === 'running' ? picture.run.state.preview : null;
  return (
    <div className="stage">
      {main !== null && (
        <Viewer before={before === null ? null : shown(before)} after={main} preview={preview} onSize={(id, size) => editor.setSize(picture.id, id, size)} />
      )}
      <div className="facts">
        <Facts step={before ?? current} />
        {after !== null && (
          <>
            <ArrowRight aria-hidden size={15} className="muted" />
            <Facts step={after} />
          </>
        )}
        <span className="spacer" />
        <AddButtons compact />
        <button type="button" className="icon-button" aria-label={`Close ${picture.name}`} title="Close" onClick={() => void editor.close(picture.id)}><Trash2 aria-hidden size={17} /></button>
        {after !== null && (
          <a className="button" href={editor.blobs.url(after.id) ?? undefined} download={after.name}><Download aria-hidden size={17} />Download</a>
        )}
      </div>
      {after !== null && after.findings.length > 0 && (
        <dl className="findings">
          {after.findings.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
      )}
      <Strip picture={picture} />
    </div>
  );
}

function labelOf(step: Step): string {
  return step.recipe?.title ?? 'Original';
}

function Facts({ step }: { step: Step }) {
  const size = step.size === null ? '' : `${step.size.width} × ${step.size.height} · `;
  return (
    <span className="fact">
      <strong>{labelOf(step)}</strong>
      <span className="muted">{size}{describeBytes(step.bytes)} · {formatName(step.type)}</span>
    </span>
  );
}

/** All steps so far. */
function Strip({ picture }: { picture: Picture }) {
  const editor = useEditor();
  const { past, present, future } = picture.history;
  const isBusy = picture.run !== null;
  const step = (act: (id: string) => void, said: string) => () => {
    act(picture.id);
    announce(said);
  };
  return (
    <div className="strip">
      <div className="group" role="group" aria-label="History">
        <button type="button" className="icon-button" aria-label="Undo" title="Undo (Ctrl+Z)" disabled={isBusy || past.length === 0} onClick={step((id) => editor.undo(id), 'Undone.')}><Undo2 aria-hidden size={18} /></button>
        <button type="button" className="icon-button" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" disabled={isBusy || future.length === 0} onClick={step((id) => editor.redo(id), 'Done again.')}><Redo2 aria-hidden size={18} /></button>
      </div>
      <ol className="steps" aria-label="Steps so far">
        {present.steps.map((id, index) => {
          const each = picture.steps[id]!;
          const isCurrent = id === currentOf(present);
          return (
            <li key={id}>
              <button type="button" className="step" aria-current={isCurrent ? 'step' : undefined} aria-label={`Step ${index + 1}: ${labelOf(each)}`} title={titleOf(each)}
                disabled={isBusy} onClick={() => !isCurrent && editor.goTo(picture.id, index)}>
                <img src={editor.blobs.url(id) ?? undefined} alt="" />
                <span>{labelOf(each)}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {resultOf(present) !== null && (
        <button type="button" className="button" disabled={isBusy} onClick={step((id) => editor.continueWithResult(id), 'The result is now the picture that is converted next.')}>
          Continue with this
        </button>
      )}
    </div>
  );
}

function titleOf({ recipe, name }: Step): string {
  return recipe === null ? name : [recipe.title, ...recipe.values.map(([key, value]) => `${key} ${value}`)].join(', ');
}
