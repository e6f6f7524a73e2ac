// Removes from package.json the packages of the page and the Node of checkouts, for the image of
// the server. src/dependencies.test.ts checks that src needs none of them.
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

export const PAGE_PACKAGES = [
  '@ariakit/react',
  '@tabler/core',
  '@tanstack/react-query',
  '@tanstack/react-table',
  '@tanstack/react-virtual',
  '@vitejs/plugin-react',
  'echarts',
  'lightningcss',
  'node',
  'react',
  'react-dom',
  'topojson-client',
  'vite',
  'world-atlas',
]

const FILE = fileURLToPath(new URL('../package.json', import.meta.url))

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { devDependencies: _, ...told } = JSON.parse(readFileSync(FILE, 'utf8'))
  for (const name of PAGE_PACKAGES) delete told.dependencies[name]
  writeFileSync(FILE, JSON.stringify(told, null, 2))
}
