import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ShownDeadLetter } from '../../../src/api/routes/dead-letters.ts'
import type { DeadLettersAnswer } from '../../../src/questions/dead-letters.ts'
import { deadLettersUrl, deadLetterUrl } from '../view/urls.ts'
import { getJson } from './request.ts'

const EVERY_MS = 5_000

export const deadLettersQuery = (reason: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['dead letters', reason],
    queryFn: ({ pageParam, signal }) => getJson<DeadLettersAnswer>(deadLettersUrl(reason, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })

export const deadLetterQuery = (id: string) =>
  queryOptions({
    queryKey: ['dead letter', id],
    queryFn: ({ signal }) => getJson<ShownDeadLetter>(deadLetterUrl(id), signal),
    // A redriven copy is stored a moment later.
    refetchInterval: EVERY_MS,
  })
