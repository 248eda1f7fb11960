// How the console is built: hashed files without anything inline, so that a strict CSP can serve them.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: 'dist',
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: 'lightningcss',
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': process.env['GUARDCELL_SERVER'] ?? 'http://127.0.0.1:8080' } },
});
