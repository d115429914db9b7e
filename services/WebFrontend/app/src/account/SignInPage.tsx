export default function SignInPage() { return <main className="page"><h1>SignInPage</h1></main>; }
