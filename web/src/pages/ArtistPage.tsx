export function ArtistPage() {
  return <h1>Artist</h1>
}
