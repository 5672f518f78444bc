import { joinMembers, listMembers, splitElements } from '@timeskein/model'

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/**
 * Whether values say all that the JSON says which they were read from: numbers that a double cannot hold, or would write otherwise, and
 * names that an object has twice are lost.
 *
 * @param text - Valid JSON.
 */
export function saysAll(text: string, value: unknown): boolean {
  let names = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = findQuote(text, at)
    else if (code === 0x3a) names++
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at
      const [number = ''] = NUMBER.exec(text) ?? []
      if (String(Number(number)) !== number) return false
      at += number.length - 1
    }
  }
  return names === countNames(value)
}

/** The quote that ends a string. */
function findQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return at
  }
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner: readonly unknown[] = Object.values(value)
  return inner.reduce<number>((sum, one) => sum + countNames(one), Array.isArray(value) ? 0 : inner.length)
}

/**
 * JSON with the objects at a place written as texts, which reading leaves as they are.
 *
 * @param text - Valid JSON.
 * @param steps - Names of members on the way, and `*` for all elements of a list; what is not there is left.
 */
export function writeObjectsAsTexts(text: string, steps: readonly string[]): string {
  const [step, ...rest] = steps
  const start = text.trimStart()
  if (step === undefined) return start.startsWith('{') ? JSON.stringify(text) : text
  if (step === '*' && start.startsWith('['))
    return `[${splitElements(text)
      .map((element) => writeObjectsAsTexts(element, rest))
      .join(',')}]`
  if (step === '*' || !start.startsWith('{')) return text
  return joinMembers(
    listMembers(text).map(([name, value]) => [
      name,
      name === step ? writeObjectsAsTexts(value, rest) : value,
    ]),
  )
}
