import './Progress.css';
import { useEffect, useState } from 'react';
import { useConnection } from '../jobs/connection';
import { asProblem } from '../problems/problem';
import { announce } from '../ui/announce';
import { toast } from '../ui/toasts';
import { useEditor } from './editorContext';
import { describeRun, progressOf } from './runStatus';
import type { Picture, Run } from './workspace';

/** How far the conversion of a picture is, and a button that cancels it. */
export function Progress({ picture }: { picture: Picture }) {
  const editor = useEditor();
  const run = picture.run!;
  const progress = progressOf(run.state);
  const text = describeRun(run.state);
  async function cancel() {
    try {
      await editor.cancel(picture.id);
      announce('Cancelled.');
    } catch (error) {
      toast(`Could not be cancelled. ${asProblem(error).message}.`, { kind: 'error' });
    }
  }
  return (
    <div className="progress">
      <div className="progress-head">
        <strong>{run.settings.title}</strong>
        <span className="muted" role="status">{text}</span>
      </div>
      <div className={`bar ${progress === null ? 'turning' : ''}`} role="progressbar" aria-label="Progress"
        aria-valuemin={0} aria-valuemax={100}
        aria-valuenow={progress === null ? undefined : Math.floor(progress * 100)} aria-valuetext={text}>
        <span style={{ '--done': progress ?? 0 }} />
      </div>
      <div className="progress-foot">
        <p className="hint small"><WaitingHint run={run} /></p>
        <button type="button" className="button" disabled={run.isCancelling} onClick={() => void cancel()}>
          {run.isCancelling ? 'Cancelling' : 'Cancel'}
        </button>
      </div>
    </div>
  );
}

/** What to know while the conversion runs. */
function WaitingHint({ run: { state, isRepeat } }: { run: Run }) {
  const connection = useConnection((each) => each.connection);
  if (state.phase === 'waiting') {
    return <>{state.problem.detail} <Countdown until={state.retryAt} /></>;
  }
  if (state.phase !== 'sending' && connection === 'polling') {
    return <>The connection is unsteady. The work goes on on the server.</>;
  }
  return state.phase === 'sending'
    ? <>Keep this page open until it is sent.</>
    : isRepeat ? <>The first result was gone before this page could fetch it. It is converted again.</>
    : <>You can close this page and come back for the result.</>;
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return seconds > 0 ? `Sent again by itself in ${seconds} s.` : 'Sending again…';
}
