import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Writes a .br and a .gz beside every file of text, at the highest level: the server hands them out as they are. */
function precompressed(): Plugin {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return {
    name: 'precompressed',
    apply: 'build',
    // What stands on the disk: other plugins change chunks until they are written.
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

export default defineConfig({
  plugins: [react(), precompressed()],
  build: {
    outDir: process.env['APP_OUTPUT'] ?? 'dist',
    emptyOutDir: true,
    // Nothing as a data: address: the policy allows files of this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
