import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Two pages: the console (index.html) and the API reference (docs.html). They share no code, so the weight of the
// reference never reaches the console. The server embeds dist/ and serves docs.html at /docs.
const server = process.env.FRONTDESK_URL ?? 'http://localhost:4000';
const routes = ['/v1', '/openapi.json', '/healthz', '/dev'];

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // No data: URLs and no inlined preload script: the policy is default-src 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: { input: ['index.html', 'docs.html'] },
    // The reference's one chunk is large by nature; scripts/size.mjs holds the console's own budget.
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: Object.fromEntries(routes.map((route) => [route, { target: server, ws: true }])),
  },
});
