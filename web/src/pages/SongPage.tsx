export function SongPage() {
  return <h1>Song</h1>
}
