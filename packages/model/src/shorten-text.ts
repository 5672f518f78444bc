/** A text of at most so many UTF-16 units; of a longer one its beginning, which ends in `…` and with a whole character before it. */
export function shortenText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const last = text.charCodeAt(maxLength - 2)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return `${text.slice(0, isHalf ? maxLength - 2 : maxLength - 1)}…`
}
