/**
 * Where words begin and end: Lucene's StandardTokenizer (9.12, in OpenSearch 2.19), which is Unicode's word break
 * (UAX #29) with a rule of its own for emoji (UTS #51), keeps runs of South East Asian letters together, makes a token
 * of every ideograph and hiragana, and drops everything that holds no letter, digit or emoji.
 */
import {
  type Automaton,
  anyNumber,
  atLeastOnce,
  choice,
  compileAutomaton,
  oneOf,
  optional,
  type Piece,
  sequence,
} from '../automata/automaton.ts'
import { WORD_BREAK_RANGES, type WordBreakClass } from './word-break-data.ts'

/** Longest token in UTF-16 units (OpenSearch's `max_token_length`); what is longer is cut into tokens of that length. */
export const MAX_TOKEN_LENGTH = 255

const CLASS_NAMES = Object.keys(WORD_BREAK_RANGES) as WordBreakClass[]

/** What words are found by in texts beyond ASCII. */
export interface WordBreaks {
  /** Word break class of each code point, 0 for what separates words. */
  readonly classes: Uint8Array
  /** Recognises one token, code point by code point; the longest match counts. Symbols are word break classes. */
  readonly automaton: Automaton
  /**
   * Classes that may go on after a character (by its class) without leading nearer to a token: an attempt that begins
   * anywhere in such a run ends as one at its start does. 0 for all but connectors and joiners.
   */
  readonly runClasses: Uint32Array
}

let made: WordBreaks | undefined

/** The same each time, made at the first: a thread whose texts are all ASCII does without (50 ms and a megabyte). */
export function getWordBreaks(): WordBreaks {
  made ??= {
    classes: fillClasses(),
    automaton: compileAutomaton(describeToken()),
    runClasses: listRunClasses(),
  }
  return made
}

const LAST_CASED = 0x1e943
const lowerCase = new Int32Array(LAST_CASED + 1)

/** Lower case of one code point without regard to its neighbours or a language (Java's `Character.toLowerCase`). */
export function toLowerCodePoint(codePoint: number): number {
  if (codePoint > LAST_CASED) return codePoint
  const known = lowerCase[codePoint]!
  if (known !== 0) return known
  const lower = String.fromCodePoint(codePoint).toLowerCase().codePointAt(0)!
  lowerCase[codePoint] = lower
  return lower
}

function describeToken(): Piece {
  const extendNames: readonly WordBreakClass[] = [
    'extend',
    'complexExtend',
    'zwj',
    'keyCap',
    'emojiModifier',
    'tagSpec',
    'tagTerm',
  ]
  const extended = (...names: WordBreakClass[]): Piece =>
    sequence(
      oneOf(maskOf(...names)),
      anyNumber(oneOf(maskOf(...extendNames, 'textSelector', 'emojiSelector'))),
    )
  // Presentation selectors stay visible to the emoji rule.
  const emojiExtended = (...names: WordBreakClass[]): Piece =>
    sequence(oneOf(maskOf(...names)), anyNumber(oneOf(maskOf(...extendNames))))

  const joiner = oneOf(maskOf('zwj'))
  const selector = optional(oneOf(maskOf('emojiSelector')))
  const picture = choice(
    sequence(anyNumber(joiner), emojiExtended('emoji', 'emojiLetter'), selector),
    emojiExtended('emojiModifier'),
  )
  const emoji = choice(
    sequence(
      picture,
      choice(
        anyNumber(sequence(joiner, picture)),
        sequence(atLeastOnce(oneOf(maskOf('tagSpec'))), oneOf(maskOf('tagTerm'))),
      ),
    ),
    sequence(emojiExtended('digit', 'keyCapSign'), selector, emojiExtended('keyCap')),
    sequence(extended('regionalIndicator'), extended('regionalIndicator')),
  )

  const connectors = anyNumber(extended('extendNumLet'))
  const numeric = extended('digit', 'numeric')
  const letter = extended('letter', 'hebrewLetter', 'emojiLetter')
  const hebrew = extended('hebrewLetter')
  const katakana = extended('katakana')
  const midLetter = extended('midLetter', 'midNumLet', 'singleQuote')
  const midNumber = extended('midNum', 'midNumLet', 'singleQuote')
  const joined = (part: Piece, ...between: Piece[]): Piece =>
    sequence(part, anyNumber(sequence(choice(...between), part)))
  const stretch = choice(
    joined(katakana, connectors),
    atLeastOnce(
      choice(
        sequence(hebrew, choice(extended('singleQuote'), sequence(extended('doubleQuote'), hebrew))),
        joined(numeric, connectors, midNumber),
        joined(letter, connectors, midLetter),
      ),
    ),
  )
  const word = sequence(connectors, joined(stretch, atLeastOnce(extended('extendNumLet'))), connectors)

  return choice(
    emoji,
    word,
    atLeastOnce(extended('complex', 'complexExtend')),
    extended('han'),
    extended('hiragana'),
  )
}

function classNumber(name: WordBreakClass): number {
  return CLASS_NAMES.indexOf(name) + 1
}

function maskOf(...names: readonly WordBreakClass[]): number {
  return names.reduce((mask, name) => mask | (1 << classNumber(name)), 0)
}

function listRunClasses(): Uint32Array {
  const runs = new Uint32Array(32)
  runs[classNumber('extendNumLet')] = maskOf('extendNumLet', 'extend')
  runs[classNumber('zwj')] = maskOf('zwj')
  return runs
}

function fillClasses(): Uint8Array {
  const classes = new Uint8Array(0x110000)
  for (const name of CLASS_NAMES) {
    let at = 0
    for (const range of WORD_BREAK_RANGES[name].split(' ')) {
      const [distance, more] = range.split('-')
      const start = at + Number.parseInt(distance!, 36)
      at = start + (more === undefined ? 0 : Number.parseInt(more, 36))
      classes.fill(classNumber(name), start, at + 1)
    }
  }
  return classes
}
