/** `missing_field` as a person would write it. */
export const reasonName = (reason: string) => {
  const words = reason.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
