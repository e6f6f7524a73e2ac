import { Blank } from '../table/Blank.tsx'

export function NoListens({ onAdd }: { onAdd(): void }) {
  return (
    <Blank
      icon="music"
      title="No listens yet"
      action={
        <button type="button" className="btn" onClick={onAdd}>
          Add the first one
        </button>
      }
    >
      They appear here when something plays.
    </Blank>
  )
}

export function NoMatch({ onClear }: { onClear(): void }) {
  return (
    <Blank
      icon="search"
      title="No listens match these filters"
      action={
        <button type="button" className="btn" onClick={onClear}>
          Clear all filters
        </button>
      }
    >
      New matching listens appear here.
    </Blank>
  )
}

export function Failure({ error, onRetry }: { error: Error | null; onRetry(): void }) {
  return (
    <Blank
      alert
      icon="alert"
      title="The listens could not be loaded"
      action={
        <button type="button" className="btn btn-primary" onClick={onRetry}>
          Try again
        </button>
      }
    >
      {error?.message ?? 'Trying again…'}
    </Blank>
  )
}
