import { Combobox, ComboboxList, ComboboxProvider } from '@ariakit/react/combobox'
import { Dialog } from '@ariakit/react/dialog'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { OptionRows } from '../ui/OptionRows.tsx'
import type { Option } from '../ui/option.ts'
import { useDebounced } from '../ui/use-debounced.ts'
import { useView } from '../view/use-view.ts'
import { generalCommands, matching } from './commands.ts'
import { useFound } from './use-found.ts'

export interface PaletteProps {
  open: boolean
  onClose(): void
}

/** A search over songs, artists, places and actions. */
export function Palette({ open, onClose }: PaletteProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      className="palette"
      aria-label="Search"
      backdrop={<div className="palette-backdrop" />}
      unmountOnHide
    >
      <Search onDone={onClose} />
    </Dialog>
  )
}

function Search({ onDone }: { onDone(): void }) {
  const [view] = useView()
  const [text, setText] = useState('')
  const found = useFound(useDebounced(text.trim()), view)
  const general = generalCommands(view)
  const commands = text.trim() === '' ? general : [...matching(general, text.trim()), ...found]
  const pick = ({ value }: Option) => {
    // The page behind the dialog takes no focus before it is closed.
    flushSync(onDone)
    commands.find(({ key }) => key === value)?.run()
  }
  return (
    <ComboboxProvider open value={text} setValue={setText}>
      <Combobox
        // Enter takes the first of what is listed.
        autoSelect="always"
        className="form-control palette-input"
        aria-label="Search songs, artists, places and actions"
        placeholder="Song, artist, place or action"
        spellCheck={false}
      />
      <ComboboxList className="palette-list" aria-label="Choices">
        <OptionRows
          options={commands.map(({ key, name, kind }) => ({ value: key, text: name, detail: kind }))}
          note={commands.length === 0 ? 'Nothing found.' : undefined}
          setValueOnClick={false}
          selectValueOnClick={false}
          hideOnClick={false}
          onPick={pick}
        />
      </ComboboxList>
    </ComboboxProvider>
  )
}
