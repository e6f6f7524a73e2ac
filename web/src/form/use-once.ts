import { useRef } from 'react'
import { newIdempotencyKey } from '../api/idempotency-key.ts'

/** Gives a body the same key as long as it is tried in vain, and another one once it was accepted or changed. */
export function useOnce() {
  const last = useRef({ body: '', key: '' })
  return {
    keyOf(body: unknown): string {
      const text = JSON.stringify(body)
      if (last.current.body !== text) last.current = { body: text, key: newIdempotencyKey() }
      return last.current.key
    },
    accepted(): void {
      last.current = { body: '', key: '' }
    },
  }
}
