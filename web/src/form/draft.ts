import { isCompleted, percentListened } from '../../../src/listen/derive.ts'
import {
  type NameOf,
  NO_EXTRAS,
  nameOf,
  type ObjectOf,
  objectOf,
  TOPIC_FIELDS,
  type TopicRow,
} from '../../../src/listen/fields.ts'
import type { Filterable } from '../../../src/listen/match.ts'
import type { NewListen } from '../api/answers.ts'
import { parseLength } from '../format/length.ts'
import { formatCount } from '../format/numbers.ts'

export type Completed = 'auto' | 'yes' | 'no'

type FormRow = Exclude<Extract<TopicRow, { kind: 'text' }>, { path: 'user_id' | 'track_id' }>

/** The texts that a person fills in; the server derives the ids. */
export const FORM_FIELDS = TOPIC_FIELDS.filter(
  (field): field is FormRow => field.kind === 'text' && field.path !== 'user_id' && field.path !== 'track_id',
)
export type FormText = NameOf<FormRow>

/** What stands in the form: text as it was typed, so that nothing typed is ever lost. */
export type Draft = Record<FormText, string> & {
  duration: string
  position: string
  rating: number | null
  completed: Completed
}

export type DraftField = keyof Draft
export type DraftErrors = Partial<Record<DraftField, string>>

export const EMPTY_DRAFT: Draft = {
  ...(Object.fromEntries(FORM_FIELDS.map((field) => [nameOf(field), ''])) as Record<FormText, string>),
  duration: '',
  position: '',
  rating: null,
  completed: 'auto',
}

/** What to do about an empty field, where that is not to enter it. */
const MISSING: Partial<Record<FormText, string>> = {
  name: 'Enter the listener.',
  platform: 'Choose the platform.',
  mood: 'Choose the mood.',
}

const NOT_A_LENGTH = 'Use 3:45 or seconds.'

/** What is wrong with a draft, by field, in words that say how to put it right. */
export function checkDraft(draft: Draft): DraftErrors {
  const errors: DraftErrors = {}
  for (const field of FORM_FIELDS) {
    const name = nameOf(field)
    const value = draft[name].trim()
    if (value === '' && field.presence === 'required')
      errors[name] = MISSING[name] ?? `Enter the ${field.label.toLowerCase()}.`
    else if (value.length > field.maxLength)
      errors[name] = `At most ${formatCount(field.maxLength)} characters.`
  }
  const email = draft.email.trim()
  if (email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    errors.email = 'Use the form name@example.com.'
  const duration = parseLength(draft.duration)
  const position = parseLength(draft.position)
  if (draft.duration.trim() === '') errors.duration = 'Enter the duration.'
  else if (duration === undefined) errors.duration = NOT_A_LENGTH
  else if (duration === 0) errors.duration = 'A track is longer than nothing.'
  if (draft.position.trim() === '') errors.position = 'Enter the listen position.'
  else if (position === undefined) errors.position = NOT_A_LENGTH
  else if (duration !== undefined && position > duration) errors.position = 'Not beyond the end of the track.'
  return errors
}

/** How much of the track was heard, once both lengths can be read. */
export function heard(draft: Draft): { percent: number; completed: boolean } | undefined {
  const duration = parseLength(draft.duration)
  const position = parseLength(draft.position)
  if (!duration || position === undefined || position > duration) return undefined
  return { percent: percentListened(position, duration), completed: isCompleted(position, duration) }
}

/** The listen of a draft without errors. What is left to be derived is left to the server. */
export function toListen(draft: Draft): NewListen {
  const texts = objectOf(FORM_FIELDS, (field) => {
    const value = draft[nameOf(field as FormRow)].trim()
    return value === '' && field.presence !== 'required' ? undefined : value
  }) as ObjectOf<FormRow>
  return {
    ...texts,
    duration_seconds: parseLength(draft.duration) ?? 0,
    listen_position: parseLength(draft.position) ?? 0,
    rating: draft.rating,
    ...(draft.completed === 'auto' ? {} : { completed: draft.completed === 'yes' }),
  }
}

/** The listen as the filters will see it. */
export function toFilterable(listen: NewListen): Filterable {
  const completed = listen.completed ?? isCompleted(listen.listen_position, listen.duration_seconds)
  return {
    ...NO_EXTRAS,
    ...listen,
    rating: listen.rating ?? null,
    completed,
    is_skipped: listen.is_skipped ?? !completed,
    percent_listened: percentListened(listen.listen_position, listen.duration_seconds),
    timestamp: Date.now() / 1000,
  }
}

const BY_PATH: Readonly<Record<string, DraftField>> = {
  duration_seconds: 'duration',
  listen_position: 'position',
  rating: 'rating',
  completed: 'completed',
  ...Object.fromEntries(FORM_FIELDS.map((field) => [field.path, nameOf(field)])),
}

/** The field of the form for a path such as `location.city`; undefined where the form has none. */
export function draftField(path: string): DraftField | undefined {
  return BY_PATH[path]
}
