/**
 * Parses CSV by RFC 4180, independently of the code that writes it. @returns the cells of each line
 */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  for (let at = 0; at < text.length; ) {
    let cell = ''
    if (text[at] === '"') {
      let end = at + 1
      for (;;) {
        end = text.indexOf('"', end)
        if (end === -1) throw new Error(`a quote is not closed after ${at}`)
        if (text[end + 1] !== '"') break
        end += 2
      }
      cell = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
    } else {
      const rest = /[^,\r\n"]*/y
      rest.lastIndex = at
      cell = rest.exec(text)?.[0] ?? ''
      at += cell.length
    }
    line.push(cell)
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      lines.push(line)
      line = []
      at += 2
    } else throw new Error(`neither a comma nor the end of a line at ${at}: ${text.slice(at, at + 40)}`)
  }
  return lines
}
