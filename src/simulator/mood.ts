/** Energy of moods and genres, from 0 to 1. Assumed; see docs/simulator.md. */
const MOODS: Record<string, number> = {
  Calm: 0.1,
  'Lo-fi': 0.15,
  Sad: 0.2,
  Melancholic: 0.2,
  Chill: 0.25,
  Dreamy: 0.3,
  Moody: 0.35,
  Romantic: 0.4,
  Dark: 0.5,
  Hopeful: 0.55,
  Groovy: 0.7,
  Happy: 0.7,
  Uplifting: 0.75,
  Energetic: 0.95,
  Hype: 1,
}

const GENRES: Record<string, number> = {
  'New Age': 0.05,
  'Lo-fi': 0.15,
  'Lo-fi Pop': 0.2,
  'TV Soundtrack': 0.25,
  'Dream Pop': 0.3,
  Chillwave: 0.35,
  Jazz: 0.35,
  'Soft Rock': 0.4,
  'Alt R&B': 0.4,
  'City Pop': 0.55,
  Experimental: 0.5,
  'Jazz Fusion': 0.55,
  'Indie Pop': 0.55,
  'Alt Pop': 0.5,
  Synthpop: 0.65,
  Britpop: 0.65,
  'Classic Rock': 0.7,
  'Pop Rock': 0.7,
  Grunge: 0.75,
  'Nu Disco': 0.8,
  Funk: 0.8,
  'Funk Rock': 0.8,
  'Latin Pop': 0.8,
  'K-pop': 0.85,
  'Hip Hop': 0.8,
  'Rock & Roll': 0.85,
  'Dance Pop': 0.9,
  EDM: 1,
}

/** Energy of unknown moods and genres. */
const MIDDLE = 0.5

export function energyOfMood(mood: string): number {
  return MOODS[mood] ?? MIDDLE
}

export function energyOfGenre(genre: string): number {
  return GENRES[genre] ?? MIDDLE
}
