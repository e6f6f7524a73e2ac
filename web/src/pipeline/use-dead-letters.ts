import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deadLettersQuery } from '../api/dead-letter-queries.ts'

/** The dead letters of one reason or all, and how many there are by reason. */
export function useDeadLetters() {
  const [reason, setReason] = useState<string>()
  const query = useInfiniteQuery(deadLettersQuery(reason))
  const all = useInfiniteQuery(deadLettersQuery(undefined))
  const reasons = all.data?.pages[0]?.reasons
  return {
    query,
    reason,
    setReason,
    reasons,
    letters: query.data?.pages.flatMap((page) => page.dead_letters),
    total: reasons?.reduce((sum, { count }) => sum + count, 0),
  }
}

export type DeadLettersState = ReturnType<typeof useDeadLetters>
