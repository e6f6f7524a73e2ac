import { useEffect, useState } from 'react'

/** A value once it has rested: what is typed is not asked for letter by letter. */
export function useDebounced<Value>(value: Value, restMs = 150): Value {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value, restMs])
  return rested
}
