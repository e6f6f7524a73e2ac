const ASCII = /^[ -~]*$/
/** Accents of Latin, Greek and Cyrillic letters; the signs of other scripts tell words apart. */
const ACCENTS = /[\u0300-\u036f]/g
/** Letters that Unicode decomposes no further, and the sigma that ends a word. */
const PLAIN: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ı: 'i', ς: 'σ' }

/**
 * Folds a text for searching: the same for composed and decomposed, capital and small, full-width and accented letters.
 * `foldedSql` in `questions/folded.ts` does the same in the engine.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase().replace(/ +/g, ' ')
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßøłđıς]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[ \t\n\v\f\r]+/g, ' ')
}
