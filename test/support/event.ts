import type { OutgoingRecord } from '../../src/kafka/producer.ts'
import type { ListenEvent } from '../../src/listen/listen.ts'

/** An event as existing producers send it, with some fields replaced. */
export function event(fields: Partial<ListenEvent> = {}): ListenEvent {
  return {
    user_id: '4bba82ab-3ee4-5df6-b4ea-b636174bc450',
    name: 'weeksmaria',
    email: 'a@example.org',
    track_id: 'd3a2df5c-a585-52bc-ac0b-2a30130725fc',
    title: 'Glimpse of Us',
    artist: 'Joji',
    genre: 'Alt Pop',
    timestamp: Math.floor(Date.now() / 1000) - 60,
    platform: 'Spotify',
    location: { city: 'Osaka', country: 'Japan' },
    mood: 'Melancholic',
    duration_seconds: 212,
    listen_position: 183,
    completed: true,
    rating: 4,
    is_skipped: false,
    ...fields,
  }
}

/** An event as a record with its user as the key. */
export function record(fields: Partial<ListenEvent> = {}): OutgoingRecord {
  const value = event(fields)
  return { key: Buffer.from(value.user_id), value: Buffer.from(JSON.stringify(value)) }
}
