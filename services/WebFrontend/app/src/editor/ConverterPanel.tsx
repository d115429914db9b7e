import './ConverterPanel.css';
import { Wand } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { About } from '../about/About';
import { ConverterCards } from '../converters/ConverterCards';
import { useConverters } from '../converters/useConverters';
import { fieldsOf, initialValues, toBoxesQuery, toRequestParts, validationError, type Values } from '../forms/schema';
import type { Converter } from '../http/types';
import { Problem } from '../problems/problem';
import { session } from '../session/session';
import { announce } from '../ui/announce';
import { Notice } from '../ui/Notice';
import { Segmented } from '../ui/Segmented';
import { useEditor, useWorkspace } from './editorContext';
import { Progress } from './Progress';
import { resultOf } from './steps';
import { type ConversionSettings, correctionsOf, type Picture } from './workspace';

/** Choosing a converter and its settings, and starting the conversion. */
export function ConverterPanel({ picture }: { picture: Picture | null }) {
  const editor = useEditor();
  const { data: converters, isError, error } = useConverters();
  const chosen = useWorkspace((workspace) => workspace.converter);
  const converter = converters?.find(({ name }) => name === chosen) ?? converters?.[0] ?? null;
  const fields = useMemo(() => fieldsOf(converter?.parameters), [converter?.parameters]);
  const entered = useWorkspace((workspace) => (converter === null ? undefined : workspace.values[converter.name]));
  const values = useMemo(() => ({ ...initialValues(fields), ...entered }), [fields, entered]);
  const pictures = useWorkspace((workspace) => workspace.pictures);
  const scope = useWorkspace((workspace) => workspace.scope);
  const [rejected, setRejected] = useState<{ values: Values; message: string } | null>(null);
  // Shown until a value or the converter changes.
  const fieldError = rejected?.values === values ? rejected.message : null;

  const targets = pictures.length > 1 && scope === 'all' ? pictures : picture === null ? [] : [picture];
  const waiting = targets.filter(({ run }) => run === null);
  const isConverting = picture !== null && picture.run !== null;
  const actions = useRestoredFocus(`${picture?.id} ${isConverting}`);

  function convert(chosenPictures: readonly Picture[] = waiting) {
    const message = fields.map((field) => validationError(field, values[field.name])).find((each) => each !== null) ?? null;
    setRejected(message === null ? null : { values, message });
    if (converter === null || message !== null) {
      return;
    }
    const { query, images } = toRequestParts(fields, values);
    const settingsFor = (each: Picture): ConversionSettings =>
      ({ converter: converter.name, title: converter.title, values: [...query, ...toBoxesQuery(fields, correctionsOf(each))] });
    announce(chosenPictures.length > 1 ? `Converting ${chosenPictures.length} pictures.` : 'Converting.');
    chosenPictures.forEach((each) => void editor.convert(each.id, settingsFor(each), images));
  }

  return (
    <aside className="panel" aria-label="Converters">
      <div className="panel-scroll">
        {converters === undefined && isError && (
          <Notice kind="error" title={(error as Problem).message}>
            {(error as Problem).detail} The converters are listed as soon as it answers.
          </Notice>
        )}
        {converters?.length === 0 && (
          <Notice kind="note" title="No converter yet">None has started. This page looks again every few seconds.</Notice>
        )}
        <ConverterCards converters={converters ?? null} hasFailed={isError} chosen={converter} fields={fields} values={values}
          onChoose={(name) => editor.setConverter(name)} onValues={(name, next) => editor.setValues(name, next)} />
        {/* Shown together with the cards above it: shown earlier, it would be pushed down by them. */}
        {converters !== undefined && <About />}
      </div>
      <div className="action-bar" ref={actions}>
        {picture?.problem && picture.run === null && (
          <ProblemNotice problem={picture.problem} onRetry={() => convert([picture])} onDismiss={() => editor.dismissProblem(picture.id)} />
        )}
        {fieldError && <p className="field-error" role="alert">{fieldError}</p>}
        {pictures.length > 1 && (
          <Segmented label="What to convert" value={scope} onChange={(next) => editor.store.setState({ scope: next as 'all' | 'one' })}
            choices={[{ value: 'all', label: `All ${pictures.length} pictures` }, { value: 'one', label: 'This one' }]} />
        )}
        {isConverting ? <Progress picture={picture} /> : (
          <ConvertButton converter={converter} count={waiting.length} onClick={() => convert()}
            isAgain={waiting.length === 1 && resultOf(waiting[0]!.history.present) !== null} />
        )}
        {isConverting && waiting.length > 0 && (
          <ConvertButton converter={converter} count={waiting.length} isAgain={false} onClick={() => convert()} />
        )}
        <GalleryHint picture={picture} />
      </div>
      <Announcements picture={picture} />
    </aside>
  );
}

/** When the button with the focus is replaced by another, the other gets the focus, so that the keyboard keeps its place. */
function useRestoredFocus(state: string) {
  const actions = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    const element = actions.current!;
    const onFocus = (event: FocusEvent) => { hadFocus.current = element.contains(event.target as Node); };
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, []);
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) {
      actions.current!.querySelector<HTMLButtonElement>('.progress button, .button.primary')?.focus();
    }
  }, [state]);
  return actions;
}

function ConvertButton({ converter, count, isAgain, onClick }: {
  converter: Converter | null;
  count: number;
  isAgain: boolean;
  onClick: () => void;
}) {
  const label = count > 1 ? `Convert ${count} pictures` : isAgain ? 'Convert again' : 'Convert';
  return (
    <button type="button" className="button primary wide" disabled={converter === null || count === 0} onClick={onClick}>
      <Wand aria-hidden size={18} />{label}
    </button>
  );
}

function ProblemNotice({ problem, onRetry, onDismiss }: { problem: Problem; onRetry: () => void; onDismiss: () => void }) {
  if (problem.type === 'job-cancelled') {
    return (
      <Notice kind="note" title={problem.message}
        actions={<button type="button" className="button text" onClick={onDismiss}>All right</button>}>
        {problem.detail}
      </Notice>
    );
  }
  return (
    <Notice kind="error" title={problem.message}
      actions={(
        <>
          <button type="button" className="button text" onClick={onRetry}>Try again</button>
          <button type="button" className="button text" onClick={onDismiss}>Put away</button>
        </>
      )}>
      {problem.detail}
    </Notice>
  );
}

/** Whether results are kept in the gallery. */
function GalleryHint({ picture }: { picture: Picture | null }) {
  const account = useStore(session.store, (state) => state.account);
  const { saved } = (picture && picture.steps[resultOf(picture.history.present) ?? '']) ?? { saved: null };
  if (account === null) {
    return (
      <p className="hint small gallery-hint">
        Pictures are not kept. <Link href="/sign-in">Sign in</Link> to find them again in a gallery.
      </p>
    );
  }
  return (
    <p className="hint small gallery-hint">
      {saved === true ? 'Saved in your gallery.' : saved === false ? 'Saving in your gallery…' : 'Results are kept in your gallery.'}
    </p>
  );
}

/** Tells screen readers how a conversion ended. */
function Announcements({ picture }: { picture: Picture | null }) {
  const before = useRef<{ id: string; isRunning: boolean } | null>(null);
  useEffect(() => {
    const now = picture === null ? null : { id: picture.id, isRunning: picture.run !== null };
    if (now !== null && before.current?.id === now.id && before.current.isRunning && !now.isRunning) {
      announce(picture!.problem === null ? 'Done. The result is shown.' : picture!.problem.message);
    }
    before.current = now;
  }, [picture]);
  return null;
}
