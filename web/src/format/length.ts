/** A length in seconds as m:ss, or h:mm:ss from an hour on: how players write it everywhere. */
export function formatLength(seconds: number): string {
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** Reads `3:45`, `1:02:03` or plain seconds (`225`, `225.5`); undefined where it is none of these. */
export function parseLength(text: string): number | undefined {
  const trimmed = text.trim()
  if (/^\d+([.,]\d+)?$/.test(trimmed)) return Number(trimmed.replace(',', '.'))
  const parts = /^(?:(\d+):)?(\d{1,3}):([0-5]\d)$/.exec(trimmed)
  if (!parts) return undefined
  const minutes = Number(parts[2])
  if (parts[1] !== undefined && minutes > 59) return undefined
  return Number(parts[1] ?? 0) * 3600 + minutes * 60 + Number(parts[3])
}
