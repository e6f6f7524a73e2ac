import { formatFullWhen, formatWhen } from '../format/when.ts'

export function When({ timestamp }: { timestamp: number }) {
  const { time, day } = formatWhen(timestamp)
  return (
    <time dateTime={new Date(timestamp * 1000).toISOString()} title={formatFullWhen(timestamp)}>
      {time}
      {day !== undefined && <span className="text-secondary when-day"> {day}</span>}
    </time>
  )
}
