import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Writes a .br and a .gz beside every text file, at the highest level: the server sends them as they are. */
function precompressed(): Plugin {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return {
    name: 'precompressed',
    apply: 'build',
    // Reads the files from the disk, because other plugins change chunks until they are written.
    async writeBundle({ dir }) {
      for (const file of await readdir(dir!, { recursive: true })) {
        if (/\.(js|css|html|svg)$/.test(file)) {
          const path = join(dir!, file);
          const bytes = await readFile(path);
          await writeFile(`${path}.br`, brotliCompressSync(bytes, brotli));
          await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        }
      }
    },
  };
}

const gateway = process.env['GATEWAY_URL'] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react(), precompressed()],
  build: {
    outDir: process.env['APP_OUTPUT'] ?? 'dist',
    emptyOutDir: true,
    // No file as a data: address: the Content-Security-Policy allows files of this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // The page links this chunk's styles first, so that the rules of components come after the shared ones.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', test: /\/src\/(styles|ui)\// }] } } },
  },
  // npm run dev: what the page fetches beside its own files comes from a running system.
  server: { proxy: { '/api': gateway, '/models.json': gateway } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
