import type { Sort } from '../view/view-state.ts'

/** What each column is called. */
export const SORT_NAME: Record<Sort, string> = {
  timestamp: 'When',
  name: 'User',
  title: 'Title',
  artist: 'Artist',
  genre: 'Genre',
  platform: 'Platform',
  city: 'City',
  country: 'Country',
  mood: 'Mood',
  duration_seconds: 'Length',
  listen_position: 'Position',
  percent_listened: '% listened',
  completed: 'Completed',
  is_skipped: 'Skipped',
  rating: 'Rating',
}
