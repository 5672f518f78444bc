import { MAX_PHRASE_WORDS } from './limits.ts'
import { isWholeField } from './lucene/leaf.ts'

/** Runs of letters and digits; of signs that stand for a word each one. */
const WORD =
  /[\p{Ideographic}\p{Script=Hiragana}\p{Extended_Pictographic}]|[[\p{L}\p{N}\p{M}_]--[\p{Ideographic}\p{Script=Hiragana}\p{Extended_Pictographic}]]+/gv

/** What is wrong with a phrase that has more than `MAX_PHRASE_WORDS` words; a whole value (`.keyword`) may have any number. */
export function findTooManyWords(field: string | undefined, text: string): string | undefined {
  if (text.length <= MAX_PHRASE_WORDS || isWholeField(field)) return undefined
  let words = 0
  for (const _ of text.matchAll(WORD)) {
    if (++words > MAX_PHRASE_WORDS) return `a phrase has more than ${MAX_PHRASE_WORDS} words`
  }
  return undefined
}
