/** How the pages are built and, with `npm run dev:web`, shown while somebody works on them. */
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** A running installation, for development: `npm run demo` in another terminal. */
const installation = process.env.COUNTERSIGN_URL ?? 'http://localhost:7443'

/** Nothing is painted before the colours are known, so that no page flashes white at night. */
const paintWithColours: Plugin = {
  name: 'paint-with-colours',
  enforce: 'post',
  transformIndexHtml: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
}

const forwarded = { target: installation, headers: { origin: installation } }

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), paintWithColours],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // What the pages weigh is measured compressed, by a test.
    chunkSizeWarningLimit: 2_000,
    // Every browser that knows the rest of what is used here preloads modules by itself.
    modulePreload: { polyfill: false },
  },
  server: {
    port: 7444,
    proxy: Object.fromEntries(
      ['/v1', '/log/', '/session', '/sign-in', '/callback', '/sample-idp', '/sample-passkeys'].map((path) => [
        path,
        forwarded,
      ]),
    ),
  },
})
