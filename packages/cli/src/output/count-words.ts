/** A number of things in words: `1 event`, `12,017 events`. */
export function countWords(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`
}
