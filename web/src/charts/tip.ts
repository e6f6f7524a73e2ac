export interface TipLine {
  colour?: string
  name: string
  value: string
}

function element(className: string, text = ''): HTMLElement {
  const made = document.createElement('div')
  made.className = className
  made.textContent = text
  return made
}

/**
 * What hovering over a mark shows. Made of elements and not of text, so that a title from an event stays text and the
 * content security policy need allow nothing.
 */
export function tip(heading: string, lines: readonly TipLine[], hint?: string): HTMLElement {
  const box = element('tip')
  box.append(element('tip-heading', heading))
  for (const { colour, name, value } of lines) {
    const line = element('tip-line')
    const mark = element('tip-mark')
    if (colour === undefined) mark.hidden = true
    else mark.style.background = colour
    line.append(mark, element('tip-name', name), element('tip-value', value))
    box.append(line)
  }
  if (hint !== undefined) box.append(element('tip-hint', hint))
  return box
}
