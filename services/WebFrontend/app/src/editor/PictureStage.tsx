import './PictureStage.css';
import { ArrowRight, Download, Redo2, Trash2, Undo2 } from 'lucide-react';
import { describeBytes } from '../pictures/bytes';
import { formatName } from '../pictures/formats';
import { announce } from '../ui/announce';
import { Notice } from '../ui/Notice';
import { Viewer, type ViewerImage } from '../viewer/Viewer';
import { AddButtons } from './AddButtons';
import { useEditor } from './editorContext';
import { factsOf, noticeOf } from './findings';
import { currentOf, resultOf } from './steps';
import { useBoxEditing } from './useBoxEditing';
import { type Picture, shownSteps, type Step } from './workspace';

/** The selected picture beside its result, facts about both, and the steps so far. */
export function PictureStage({ picture }: { picture: Picture }) {
  const editor = useEditor();
  const { before, after, current } = shownSteps(picture);
  const toViewerImage = (step: Step): ViewerImage | null => {
    const url = editor.cache.url(step.id);
    return url === null ? null : {
      id: step.id,
      url,
      label: stepLabel(step),
      alt: step.settings === null ? `The picture you chose, ${step.name}` : `The result of ${step.settings.title}`,
      format: formatName(step.type),
      size: step.size,
    };
  };
  const main = toViewerImage(current);
  const boxes = useBoxEditing(picture);
  const notice = after === null ? null : noticeOf(after.findings);
  const facts = after === null ? [] : factsOf(after.findings);
  const preview = picture.run?.state.phase === 'running' ? picture.run.state.preview : null;
  return (
    <div className="stage">
      {main !== null && (
        <Viewer before={before === null ? null : toViewerImage(before)} after={main} preview={preview} boxes={boxes}
          onSize={(id, size) => editor.setSize(picture.id, id, size)} />
      )}
      {notice !== null && <Notice kind="error" title={notice.title}>{notice.text}</Notice>}
      {boxes !== null && (
        <p className="hint box-hint" role="status">
          {boxes.isDrawing ? 'Click the middle of what was missed, or draw a box around it.'
            : boxes.hasChanged ? 'Corrected on the picture: convert again to see it done.'
            : boxes.boxes.length > 0 ? 'Click a box to leave that face as it is. For one that was missed, use “Add a box”.'
            : 'For a face that was missed, use “Add a box”.'}
        </p>
      )}
      <div className="facts">
        <ImageFacts step={before ?? current} />
        {after !== null && (
          <>
            <ArrowRight aria-hidden size={15} className="muted" />
            <ImageFacts step={after} />
          </>
        )}
        <span className="spacer" />
        <AddButtons compact />
        <button type="button" className="icon-button" aria-label={`Close ${picture.name}`} title="Close"
          onClick={() => void editor.close(picture.id)}>
          <Trash2 aria-hidden size={17} />
        </button>
        {after !== null && (
          <a className="button" href={editor.cache.url(after.id) ?? undefined} download={after.name}>
            <Download aria-hidden size={17} />Download
          </a>
        )}
      </div>
      {facts.length > 0 && (
        <dl className="findings">
          {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
      )}
      <StepStrip picture={picture} />
    </div>
  );
}

function stepLabel(step: Step): string {
  return step.settings?.title ?? 'Original';
}

function ImageFacts({ step }: { step: Step }) {
  const size = step.size === null ? '' : `${step.size.width} × ${step.size.height} · `;
  return (
    <span className="fact">
      <strong>{stepLabel(step)}</strong>
      <span className="muted">{size}{describeBytes(step.bytes)} · {formatName(step.type)}</span>
    </span>
  );
}

/** All steps so far. */
function StepStrip({ picture }: { picture: Picture }) {
  const editor = useEditor();
  const { past, present, future } = picture.history;
  const isBusy = picture.run !== null;
  const step = (act: (id: string) => void, announcement: string) => () => {
    act(picture.id);
    announce(announcement);
  };
  return (
    <div className="strip">
      <div className="group" role="group" aria-label="History">
        <button type="button" className="icon-button" aria-label="Undo" title="Undo (Ctrl+Z)" disabled={isBusy || past.length === 0}
          onClick={step((id) => editor.undo(id), 'Undone.')}>
          <Undo2 aria-hidden size={18} />
        </button>
        <button type="button" className="icon-button" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" disabled={isBusy || future.length === 0}
          onClick={step((id) => editor.redo(id), 'Done again.')}>
          <Redo2 aria-hidden size={18} />
        </button>
      </div>
      <ol className="steps" aria-label="Steps so far">
        {present.ids.map((id, index) => {
          const each = picture.steps[id]!;
          const isCurrent = id === currentOf(present);
          return (
            <li key={id}>
              <button type="button" className="step" aria-current={isCurrent ? 'step' : undefined}
                aria-label={`Step ${index + 1}: ${stepLabel(each)}`} title={stepTooltip(each)} disabled={isBusy}
                onClick={() => !isCurrent && editor.goTo(picture.id, index)}>
                <img src={editor.cache.url(id) ?? undefined} alt="" />
                <span>{stepLabel(each)}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {resultOf(present) !== null && (
        <button type="button" className="button" disabled={isBusy}
          onClick={step((id) => editor.continueWithResult(id), 'The result is now the picture that is converted next.')}>
          Continue with this
        </button>
      )}
    </div>
  );
}

function stepTooltip({ settings, name }: Step): string {
  return settings === null ? name : [settings.title, ...settings.values.map(([key, value]) => `${key} ${value}`)].join(', ');
}
