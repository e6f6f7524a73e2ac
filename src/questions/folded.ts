/**
 * SQL of a text as `fold` in `listen/fold.ts` folds it.
 * @param text SQL of a text
 */
export function foldedSql(text: string): string {
  const plain = `normalizeUTF8NFC(replaceRegexpAll(normalizeUTF8NFKD(toValidUTF8(${text})), '[\\\\x{300}-\\\\x{36F}]', ''))`
  const folded = `translateUTF8(replaceAll(lowerUTF8(${plain}), 'ß', 'ss'), 'øłđıς', 'oldiσ')`
  // Most texts are ASCII, which takes a tenth of the time.
  return `replaceRegexpAll(if(length(${text}) = lengthUTF8(${text}), lower(${text}), ${folded}), '[ \\\\t\\\\n\\\\v\\\\f\\\\r]+', ' ')`
}
