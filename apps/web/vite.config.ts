// How the console is built: hashed files without anything inline, so that a strict CSP can serve them.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: 'dist',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // The editor's library is large: in parts, none holds up the others, and only the editor asks for them.
          groups: [
            {
              name: 'editor-state',
              test: /@codemirror[\\/]state|@marijn|style-mod|w3c-keyname|crelt/,
              priority: 3,
            },
            { name: 'editor-view', test: /@codemirror[\\/]view/, priority: 2 },
            { name: 'editor-language', test: /@codemirror|@lezer/, priority: 1 },
          ],
        },
      },
    },
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: 'lightningcss',
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': process.env['GUARDCELL_SERVER'] ?? 'http://127.0.0.1:8080' } },
});
