import './App.css';
import { Images, SlidersHorizontal, UserRound, WifiOff } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { EditorPage } from './editor/EditorPage';
import { useOnline } from './http/online';
import { session } from './session/session';
import { Announcer } from './ui/announce';
import { Toasts } from './ui/toasts';

const GalleryPage = lazy(() => import('./gallery/GalleryPage'));
const PicturePage = lazy(() => import('./gallery/PicturePage'));
const SignInPage = lazy(() => import('./account/SignInPage'));
const SignUpPage = lazy(() => import('./account/SignUpPage'));
const AccountPage = lazy(() => import('./account/AccountPage'));

export function App() {
  return (
    <>
      <a className="skip" href="#main">Skip to the content</a>
      <Header />
      <div id="main" tabIndex={-1}>
        <Suspense fallback={<main className="page" aria-busy="true" />}>
          <Switch>
            <Route path="/"><EditorPage /></Route>
            <Route path="/gallery"><GalleryPage /></Route>
            <Route path="/gallery/:id">{({ id }) => <PicturePage id={id} />}</Route>
            <Route path="/sign-in"><SignInPage /></Route>
            <Route path="/sign-up"><SignUpPage /></Route>
            <Route path="/account"><AccountPage /></Route>
            <Route><NotFound /></Route>
          </Switch>
        </Suspense>
      </div>
      <Banner />
      <Toasts />
      <Announcer />
    </>
  );
}

function Header() {
  const [path] = useLocation();
  const account = useStore(session.store, (state) => state.account);
  const current = (isHere: boolean) => (isHere ? 'page' as const : undefined);
  return (
    <header className="header">
      <Link href="/" className="brand" aria-label="Image Editor">
        <img src="/favicon.svg" alt="" width={26} height={26} /><span>Image Editor</span>
      </Link>
      <nav aria-label="Main">
        <Link href="/" aria-current={current(path === '/')}><SlidersHorizontal aria-hidden size={17} /><span>Editor</span></Link>
        <Link href="/gallery" aria-current={current(path.startsWith('/gallery'))}>
          <Images aria-hidden size={17} /><span>Gallery</span>
        </Link>
      </nav>
      <span className="spacer" />
      {account === null
        ? <Link href="/sign-in" className="button" aria-current={current(path === '/sign-in')}>Sign in</Link>
        : (
          <Link href="/account" className="account-link" aria-current={current(path === '/account')}
            aria-label={`Account of ${account.email}`}>
            <UserRound aria-hidden size={17} /><span>{account.email}</span>
          </Link>
        )}
    </header>
  );
}

/** A notice about the whole page. It covers the page, so that the layout does not shift. */
function Banner() {
  const isOnline = useOnline();
  const wasSignedOutElsewhere = useStore(session.store, (state) => state.wasSignedOutElsewhere);
  if (!isOnline) {
    return (
      <div className="banner" role="status">
        <WifiOff aria-hidden size={17} />
        <span>You are offline. Work that runs on the server goes on; this page catches up once you are back.</span>
      </div>
    );
  }
  if (wasSignedOutElsewhere) {
    return (
      <div className="banner" role="status">
        <UserRound aria-hidden size={17} />
        <span>You were signed out elsewhere. New pictures are not kept until you sign in again.</span>
        <Link href="/sign-in" className="button text" onClick={() => session.dismissSignOutNotice()}>Sign in</Link>
        <button type="button" className="button text" onClick={() => session.dismissSignOutNotice()}>All right</button>
      </div>
    );
  }
  return null;
}

function NotFound() {
  return (
    <main className="page narrow">
      <h1>There is no such page</h1>
      <p className="hint">The address may be mistyped, or the page is gone.</p>
      <p><Link href="/" className="button primary">To the editor</Link></p>
    </main>
  );
}
