import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { withoutUnusedClasses } from './unused-classes.ts'

// The page requests /api from its origin; in development, that is the server of `npm start`.
const SERVER = 'http://127.0.0.1:5000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), withoutUnusedClasses('tabler.min.css')],
  server: { proxy: { '/api': SERVER, '/healthz': SERVER, '/readyz': SERVER } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The content security policy allows no inline script, and every browser this is built for has modulepreload.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
})
