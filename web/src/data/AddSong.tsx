import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Song } from '../../../src/catalogue/song.ts'
import { MAX_LENGTH } from '../../../src/listen/max-length.ts'
import { postJson } from '../api/request.ts'
import { Field } from '../ui/Field.tsx'
import { addSongUrl } from '../view/urls.ts'

const FIELDS = [
  ['title', 'Title'],
  ['artist', 'Artist'],
  ['genre', 'Genre'],
] as const

const EMPTY: Song = { title: '', artist: '', genre: '' }

/** Adds a song to the catalogue. */
export function AddSong() {
  const queryClient = useQueryClient()
  const [song, setSong] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const add = useMutation({
    mutationFn: (added: Song) => postJson<Song>(addSongUrl(), added),
    onSuccess() {
      setSong(EMPTY)
      setTried(false)
      void queryClient.invalidateQueries({ queryKey: ['catalogue'] })
    },
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (!add.isPending && FIELDS.every(([name]) => song[name].trim() !== '')) add.mutate(song)
  }

  return (
    <form className="card plain-card" noValidate onSubmit={submit} aria-labelledby="add-song-title">
      <h2 id="add-song-title" className="frame-title">
        Add a song
      </h2>
      {FIELDS.map(([name, label]) => (
        <Field
          key={name}
          label={label}
          error={tried && song[name].trim() === '' ? `${label} is needed.` : undefined}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              className="form-control"
              autoComplete="off"
              maxLength={MAX_LENGTH[name]}
              value={song[name]}
              onChange={(event) => setSong({ ...song, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <button type="submit" className="btn btn-primary w-100" aria-disabled={add.isPending}>
        Add to the catalogue
      </button>
      <p className="plain-note" role="status">
        {add.isSuccess && `${add.data.title} by ${add.data.artist} is in the catalogue.`}
        {add.isError && add.error.message}
      </p>
    </form>
  )
}
