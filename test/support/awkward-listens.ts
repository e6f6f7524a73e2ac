import type { OutgoingRecord } from '../../src/kafka/producer.ts'
import { record } from './event.ts'

/** Time of the listens, in seconds since 1970: the hour in which Berlin's clocks change. */
const AT = Date.parse('2026-03-29T01:30:00Z') / 1000

/** Values that break careless readers and writers of files. */
export const AWKWARD: readonly OutgoingRecord[] = [
  record({ title: '=HYPERLINK("http://x","y")', artist: '+1, "quoted"', timestamp: AT, rating: null }),
  record({ title: '-5', artist: '@cmd', timestamp: AT, rating: 0 }),
  record({ title: '  Ночь 🎧\n山田 ', artist: "O'Neil\\", timestamp: AT, rating: null }),
  record({ title: '\u001b[31mred\u202e', artist: 'null', timestamp: AT, rating: 5 }),
  record({ title: 'Long', timestamp: AT, duration_seconds: 100, listen_position: 100, genre: 'Žánr' }),
]
