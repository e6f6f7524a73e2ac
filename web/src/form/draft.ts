import { isCompleted, percentListened } from '../../../src/listen/derive.ts'
import { MAX_LENGTH } from '../../../src/listen/max-length.ts'
import type { NewListen } from '../api/answers.ts'
import { parseLength } from '../format/length.ts'
import { formatCount } from '../format/numbers.ts'
import type { Filterable } from '../view/filter.ts'

export type Completed = 'auto' | 'yes' | 'no'

/** What stands in the form: text as it was typed, so that nothing typed is ever lost. */
export interface Draft {
  name: string
  email: string
  title: string
  artist: string
  genre: string
  platform: string
  city: string
  country: string
  mood: string
  duration: string
  position: string
  rating: number | null
  completed: Completed
}

export type DraftField = keyof Draft
export type DraftErrors = Partial<Record<DraftField, string>>

export const EMPTY_DRAFT: Draft = {
  name: '',
  email: '',
  title: '',
  artist: '',
  genre: '',
  platform: '',
  city: '',
  country: '',
  mood: '',
  duration: '',
  position: '',
  rating: null,
  completed: 'auto',
}

const REQUIRED = {
  name: 'Enter the listener.',
  title: 'Enter the title.',
  artist: 'Enter the artist.',
  genre: 'Enter the genre.',
  platform: 'Choose the platform.',
  city: 'Enter the city.',
  country: 'Enter the country.',
  mood: 'Choose the mood.',
} as const

const NOT_A_LENGTH = 'Use 3:45 or seconds.'

/** What is wrong with a draft, by field, in words that say how to put it right. */
export function checkDraft(draft: Draft): DraftErrors {
  const errors: DraftErrors = {}
  for (const [name, message] of Object.entries(REQUIRED)) {
    const field = name as keyof typeof REQUIRED
    const value = draft[field].trim()
    if (value === '') errors[field] = message
    else if (value.length > MAX_LENGTH[field]) {
      errors[field] = `At most ${formatCount(MAX_LENGTH[field])} characters.`
    }
  }
  const email = draft.email.trim()
  if (email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    errors.email = 'Use the form name@example.com.'
  } else if (email.length > MAX_LENGTH.email) {
    errors.email = `At most ${formatCount(MAX_LENGTH.email)} characters.`
  }
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
  const email = draft.email.trim()
  return {
    name: draft.name.trim(),
    ...(email === '' ? {} : { email }),
    title: draft.title.trim(),
    artist: draft.artist.trim(),
    genre: draft.genre.trim(),
    platform: draft.platform,
    location: { city: draft.city.trim(), country: draft.country.trim() },
    mood: draft.mood,
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
    ...listen,
    rating: listen.rating ?? null,
    completed,
    is_skipped: listen.is_skipped ?? !completed,
    percent_listened: percentListened(listen.listen_position, listen.duration_seconds),
    timestamp: Date.now() / 1000,
  }
}

const BY_SERVER_FIELD: Record<string, DraftField> = {
  'location.city': 'city',
  'location.country': 'country',
  duration_seconds: 'duration',
  listen_position: 'position',
}

/** The field of the form for one the server names; undefined where the form has none. */
export function draftField(serverField: string): DraftField | undefined {
  if (serverField in BY_SERVER_FIELD) return BY_SERVER_FIELD[serverField]
  return serverField in EMPTY_DRAFT ? (serverField as DraftField) : undefined
}
