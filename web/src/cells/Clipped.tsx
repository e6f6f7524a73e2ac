/** Text on one line; the title has the complete text. */
export function Clipped({ text, title = text }: { text: string; title?: string }) {
  return (
    <span className="clipped" title={title}>
      {text}
    </span>
  )
}
