import { escapeWildcard, parseLuceneRegexp, splitWildcard } from '@timeskein/query'
import { tokenizeText, tokenizeWithOffsets } from '../../../../text/tokens/standard-tokenizer.ts'
import type { Matcher } from '../match/matcher.ts'

/**
 * Words that a value must hold if the matcher is to accept it as a whole: each of the result accepts at least one word
 * of such a value. Sound but not complete: values that have the words must still be looked at.
 *
 * Words at an open end of a literal piece may go on beyond it, so only their beginning or end is known. A word of more
 * than 255 units is cut by the tokeniser, possibly inside the piece: where only the end of a word is known,
 * `mayBeCut` says that words of that length must be let through.
 *
 * @returns Empty when nothing is known.
 */
export function listWordNeeds(matcher: Matcher): readonly WordNeed[] {
  if (matcher.kind === 'equal') {
    return [...new Set(tokenizeText(matcher.text))].map((token) => ({
      matcher: equal(token),
      text: token,
      mayBeCut: false,
    }))
  }
  if (matcher.kind === 'regexp') return needsOfRegexp(matcher.pattern)
  if (matcher.kind !== 'pattern') return []
  const parts = splitWildcard(matcher.pattern)
  return parts.flatMap((part, at) =>
    part.kind === 'literal' ? needsOfLiteral(part.text, at > 0, at < parts.length - 1) : [],
  )
}

/** One word that must be there. */
export interface WordNeed {
  readonly matcher: Matcher
  /** What is known of the word. */
  readonly text: string
  /** Words of the greatest length that end with a beginning of the text answer too. */
  readonly mayBeCut: boolean
}

/** Literal text that stands in an expression's sequence, outside of any choice or repetition, is in every match. */
function needsOfRegexp(pattern: string): WordNeed[] {
  const node = parseLuceneRegexp(pattern)
  const parts = node.kind === 'sequence' ? node.of : [node]
  const runs: { text: string; isFirst: boolean; isLast: boolean }[] = []
  let isAfterLiteral = false
  for (const [at, part] of parts.entries()) {
    if (part.kind !== 'literal') {
      isAfterLiteral = false
      continue
    }
    if (!isAfterLiteral) runs.push({ text: '', isFirst: at === 0, isLast: false })
    const run = runs.at(-1)!
    run.text += part.text
    run.isLast = at === parts.length - 1
    isAfterLiteral = true
  }
  return runs.flatMap(({ text, isFirst, isLast }) => needsOfLiteral(text, !isFirst, !isLast))
}

function needsOfLiteral(literal: string, isOpenLeft: boolean, isOpenRight: boolean): WordNeed[] {
  const tokens = tokenizeWithOffsets(literal)
  return tokens.map(({ token }, at) => {
    const openLeft = at === 0 && isOpenLeft
    const openRight = at === tokens.length - 1 && isOpenRight
    if (!openLeft && !openRight) return { matcher: equal(token), text: token, mayBeCut: false }
    const pattern = `${openLeft ? '*' : ''}${escapeWildcard(token)}${openRight ? '*' : ''}`
    return { matcher: { kind: 'pattern', pattern, ignoreCase: false }, text: token, mayBeCut: openLeft }
  })
}

function equal(token: string): Matcher {
  return { kind: 'equal', text: token, ignoreCase: false }
}

/** The words that a phrase's text must hold; with `prefix`, of the last one only the beginning. */
export function phraseNeeds(tokens: readonly string[], prefix: boolean): readonly WordNeed[] {
  const whole = [...new Set(prefix ? tokens.slice(0, -1) : tokens)]
  const needs = whole.map((token): WordNeed => ({ matcher: equal(token), text: token, mayBeCut: false }))
  if (!prefix) return needs
  const pattern = `${escapeWildcard(tokens.at(-1)!)}*`
  return [
    ...needs,
    { matcher: { kind: 'pattern', pattern, ignoreCase: false }, text: tokens.at(-1)!, mayBeCut: false },
  ]
}
