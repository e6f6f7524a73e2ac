import '@tabler/core/dist/css/tabler.min.css'
import './playhead.css'
import './shell/shell.css'
import './shell/header.css'
import './shell/palette.css'
import './ui/field.css'
import './ui/popup.css'
import './ui/side-panel.css'
import './ui/combobox.css'
import './live/live.css'
import './charts/charts.css'
import './filters/filters.css'
import './table/table.css'
import './cells/cells.css'
import './form/form.css'
import './listens/listens.css'
import './shell/print.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/queries.ts'
import { Shell } from './shell/Shell.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Shell />
    </QueryClientProvider>
  </StrictMode>,
)
