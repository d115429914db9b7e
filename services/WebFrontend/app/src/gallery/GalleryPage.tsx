export default function GalleryPage() { return <main className="page"><h1>GalleryPage</h1></main>; }
