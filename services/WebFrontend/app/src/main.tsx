// First what all pages share: the rules of a component come after it, so that they win.
import './styles/base.css';
import './styles/controls.css';
import './styles/page.css';
import './styles/workbench.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { createEditor } from './editor/createEditor';
import { EditorContext } from './editor/editorContext';
import { watchNetwork } from './http/online';
import { startSession } from './session/session';

const queries = new QueryClient();
watchNetwork();
const editor = createEditor();
startSession();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <EditorContext value={editor}>
        <App />
      </EditorContext>
    </QueryClientProvider>
  </StrictMode>);
