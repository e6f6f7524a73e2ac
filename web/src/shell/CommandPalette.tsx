import { useEffect, useRef, useState } from 'react'
import { Icon } from '../ui/Icon.tsx'
import { OptionList } from '../ui/OptionList.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { useOptionList } from '../ui/use-option-list.ts'
import { useView } from '../view/use-view.ts'
import { generalCommands, matching } from './commands.ts'
import { useFound } from './use-found.ts'

/** A search over songs, artists, places and what can be done, from every page: Ctrl+K or Cmd+K. */
export function CommandPalette() {
  const dialog = useRef<HTMLDialogElement>(null)
  const [open, setOpen] = useState(false)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])

  return (
    <>
      <button
        type="button"
        className="btn palette-button"
        title="Search songs, artists, places and actions"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
      >
        <Icon name="search" size={16} />
        <span className="palette-word">Search</span>
        <span className="palette-key" aria-hidden="true">
          Ctrl K
        </span>
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it, as Escape does */}
      <dialog
        ref={dialog}
        className="palette"
        aria-label="Search"
        onClose={() => setOpen(false)}
        onClick={(event) => {
          if (event.target === event.currentTarget) setOpen(false)
        }}
      >
        {open && <Palette onDone={() => setOpen(false)} />}
      </dialog>
    </>
  )
}

function Palette({ onDone }: { onDone(): void }) {
  const [view] = useView()
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const found = useFound(useDebounced(text.trim()), view)
  const general = generalCommands(view)
  const commands = text.trim() === '' ? general : [...matching(general, text.trim()), ...found]
  const pick = (index: number) => {
    commands[index]?.run()
    onDone()
  }
  const list = useOptionList({ count: commands.length, onPick: pick, editable: true })
  const { setOpen, setActive } = list

  useEffect(() => {
    input.current?.focus()
    setOpen(true)
    setActive(0)
  }, [setOpen, setActive])

  return (
    <div className="palette-body">
      <input
        {...list.control}
        ref={input}
        type="text"
        className="form-control palette-input"
        aria-label="Search songs, artists, places and actions"
        aria-autocomplete="list"
        placeholder="Song, artist, place or action"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onKeyDown={(event) => {
          // Escape closes the whole palette, not only its list.
          if (event.key !== 'Escape') list.onKeyDown(event)
        }}
        onChange={(event) => {
          setText(event.target.value)
          setOpen(true)
          setActive(0)
        }}
      />
      <OptionList
        list={list}
        options={commands.map(({ key, name, kind }) => ({ value: key, text: name, detail: kind }))}
        onPick={pick}
        none="Nothing found."
      />
    </div>
  )
}
