import { COMPLETED_SHARE } from '../../../src/listen/derive.ts'
import { type Field as ListenField, nameOf } from '../../../src/listen/fields.ts'
import { MAX_LENGTH } from '../../../src/listen/max-length.ts'
import { formatShare } from '../format/numbers.ts'
import { Combobox } from '../ui/Combobox.tsx'
import { Field } from '../ui/Field.tsx'
import type { Option } from '../ui/option.ts'
import { CompletedInput } from './CompletedInput.tsx'
import { FORM_FIELDS, type FormText, heard } from './draft.ts'
import { RatingInput } from './RatingInput.tsx'
import type { DraftState } from './use-draft.ts'
import { useSuggestions } from './use-suggestions.ts'

type Suggested = 'title' | 'artist' | 'genre' | 'city' | 'country'
type Typed = FormText | 'duration' | 'position'
type Chosen = 'platform' | 'mood'

/** Every field of a listen that a person can know. */
export function ListenFields({ state }: { state: DraftState }) {
  const { draft, change, touch, errorAt } = state
  const suggestions = useSuggestions(draft)
  const share = heard(draft)

  const typed = (
    name: Typed,
    label: string,
    more: { hint?: string; optional?: true; type?: string } = {},
  ) => (
    <Field key={name} label={label} error={errorAt(name)} hint={more.hint} required={!more.optional}>
      {(control) => (
        <input
          {...control}
          type={more.type ?? 'text'}
          className="form-control"
          autoComplete="off"
          value={draft[name]}
          onChange={(event) => change({ [name]: event.target.value })}
          onBlur={() => touch(name)}
        />
      )}
    </Field>
  )

  const suggested = (
    name: Suggested,
    label: string,
    options: readonly Option[],
    more: { wide?: true; hint?: string; onPick?(option: Option): void } = {},
  ) => (
    <Field label={label} error={errorAt(name)} hint={more.hint} wide={more.wide ?? false}>
      {(control) => (
        <Combobox
          {...control}
          value={draft[name]}
          maxLength={MAX_LENGTH[name]}
          options={options}
          onChange={(text) => change({ [name]: text })}
          onPick={more.onPick ?? ((option) => change({ [name]: option.text }))}
          onLeave={() => touch(name)}
        />
      )}
    </Field>
  )

  const chosen = (name: Chosen, label: string, values: readonly string[]) => (
    <Field
      label={label}
      error={errorAt(name)}
      hint={suggestions.choicesFailed && 'The choices could not be loaded.'}
    >
      {(control) => (
        <select
          {...control}
          className="form-select"
          value={draft[name]}
          onChange={(event) => change({ [name]: event.target.value })}
          onBlur={() => touch(name)}
        >
          <option value="">Choose…</option>
          {values.map((value) => (
            <option key={value}>{value}</option>
          ))}
        </select>
      )}
    </Field>
  )

  /** Fields that few people know. */
  const extras = (about: ListenField['about']) =>
    FORM_FIELDS.filter((field: ListenField) => field.presence === 'extra' && field.about === about).map(
      (field) => typed(nameOf(field), field.label, { optional: true }),
    )

  function pickSong(option: Option): void {
    const song = suggestions.songOf(option)
    if (song) change({ title: song.title, artist: song.artist, genre: song.genre })
  }

  const rule = formatShare(COMPLETED_SHARE)
  const outcome = share
    ? `${share.completed ? 'Completed' : 'Not completed'} by the ${rule} rule.`
    : `Auto: at least ${rule} of the track.`

  return (
    <>
      <fieldset className="field-group">
        <legend>Listener</legend>
        {typed('name', 'User name')}
        {typed('email', 'E-mail', { optional: true, type: 'email' })}
      </fieldset>
      <fieldset className="field-group">
        <legend>Track</legend>
        {suggested('title', 'Title', suggestions.titles, {
          wide: true,
          hint: 'A title from the catalogue fills in artist and genre.',
          onPick: pickSong,
        })}
        {suggested('artist', 'Artist', suggestions.artists)}
        {suggested('genre', 'Genre', suggestions.genres)}
        {typed('duration', 'Duration', { hint: '3:45 or seconds.' })}
        {typed('position', 'Listen position', {
          hint: share ? `${formatShare(share.percent / 100)} of the track.` : '2:10 or seconds.',
        })}
        {extras('track')}
      </fieldset>
      <fieldset className="field-group">
        <legend>Where and how</legend>
        {chosen('platform', 'Platform', suggestions.platforms)}
        {chosen('mood', 'Mood', suggestions.moods)}
        {suggested('city', 'City', suggestions.cities)}
        {suggested('country', 'Country', suggestions.countries)}
        {extras('play')}
      </fieldset>
      <fieldset className="field-group field-group-outcome">
        <legend>Outcome</legend>
        <CompletedInput
          value={draft.completed}
          onChange={(completed) => change({ completed })}
          hint={draft.completed === 'auto' ? outcome : 'Set by you, regardless of the position.'}
        />
        <Field label="Rating" error={errorAt('rating')} required={false}>
          {({ id, 'aria-describedby': note }) => (
            <RatingInput
              control={{ id, 'aria-describedby': note }}
              value={draft.rating}
              onChange={(rating) => change({ rating })}
            />
          )}
        </Field>
      </fieldset>
    </>
  )
}
