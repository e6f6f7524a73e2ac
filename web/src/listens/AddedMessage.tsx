interface Props {
  title: string
  artist: string
  /** Where the new row is: in the table, on its way, or kept out of sight by something the viewer chose. */
  where: 'shown' | 'coming' | 'filtered' | 'held'
  onShow(): void
}

const TEXT = {
  shown: 'It is marked in the table.',
  coming: 'It appears in the table in a moment.',
  filtered: 'The filters hide it.',
  held: 'It is outside the visible part of the table.',
} as const

/** What became of a listen that was added by the form. */
export function AddedMessage({ title, artist, where, onShow }: Props) {
  return (
    <div className="added-message">
      <div>
        <strong>
          Added “{title}” by {artist}.
        </strong>{' '}
        {TEXT[where]}
      </div>
      <button type="button" className="btn btn-sm" onClick={onShow}>
        Show in table
      </button>
    </div>
  )
}
