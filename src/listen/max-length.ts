/** The longest each text of a listen may be, in code points, as JSON Schema counts. */
export const MAX_LENGTH = {
  user_id: 128,
  name: 200,
  email: 320,
  track_id: 128,
  title: 500,
  artist: 500,
  genre: 100,
  platform: 100,
  city: 200,
  country: 100,
  mood: 100,
} as const
