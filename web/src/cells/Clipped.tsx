/** Text on one line: what does not fit is in the title. */
export function Clipped({ text, title = text }: { text: string; title?: string }) {
  return (
    <span className="clipped" title={title}>
      {text}
    </span>
  )
}
