export default function AccountPage() { return <main className="page"><h1>AccountPage</h1></main>; }
