export default function PicturePage({ id }: { id: string }) { return <main className="page"><h1>{id}</h1></main>; }
