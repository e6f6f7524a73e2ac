import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { catalogueQuery, topQuery } from '../api/queries.ts'
import { formatCount } from '../format/numbers.ts'
import type { Option } from '../ui/option.ts'
import { useDebounced } from '../ui/use-debounced.ts'
import type { Filters, TextFilterKey } from '../view/filter.ts'

const LISTED = 100
const IN_CATALOGUE: Partial<Record<TextFilterKey, 'genres' | 'platforms' | 'moods'>> = {
  genre: 'genres',
  platform: 'platforms',
  mood: 'moods',
}

function noteOf({ isPending, isError }: { isPending: boolean; isError: boolean }, count: number) {
  if (count >= LISTED) return `The first ${LISTED} are listed. Type to find others.`
  if (count > 0) return undefined
  return isPending ? 'Loading…' : isError ? 'The values could not be loaded.' : 'Nothing found.'
}

/**
 * The values one filter offers, the most heard first, each with how many listens it would let through beside the
 * other filters. Asked for only once the filter was opened.
 */
export function useFilterOptions(key: TextFilterKey, filters: Filters, zone: string | undefined) {
  const [opened, setOpened] = useState(false)
  const [text, setText] = useState('')
  const search = useDebounced(text.trim())
  const others = useMemo(() => {
    const { [key]: _own, ...rest } = filters
    return rest
  }, [filters, key])
  const top = useQuery({ ...topQuery(key, search, LISTED, others, zone), enabled: opened })
  const offered = IN_CATALOGUE[key]
  const catalogue = useQuery({ ...catalogueQuery('', 1), enabled: opened && offered !== undefined })

  const options = useMemo<Option[]>(() => {
    const values = new Map(top.data?.map(({ value, listens }) => [value, formatCount(listens)]))
    const unheard = formatCount(0)
    if (search === '') {
      // What is chosen can always be dropped again, and what nobody has heard yet can be waited for.
      for (const value of filters[key] ?? []) if (!values.has(value)) values.set(value, unheard)
      for (const value of (offered && catalogue.data?.[offered]) ?? [])
        if (values.size < LISTED && !values.has(value)) values.set(value, unheard)
    }
    return [...values].map(([value, detail]) => ({ value, text: value, detail }))
  }, [filters, key, top.data, catalogue.data, offered, search])

  return {
    text,
    onText: setText,
    options,
    onOpen: () => setOpened(true),
    note: noteOf(top, options.length),
  }
}
