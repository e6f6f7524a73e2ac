/** The mark of public/favicon.svg and the name. */
export function Brand() {
  return (
    <h1 className="brand">
      <img src="/favicon.svg" width={28} height={28} alt="" />
      Playhead
    </h1>
  )
}
