import { assembleModule } from '@timeskein/model/wasm-assembler'
import { makePlainWords, PlainMemory } from './plain-words.ts'
import { makeScan, makeTake } from './scan-code.ts'
import { makeSettle } from './settle-code.ts'
import { BLOCKS } from './word-layout.ts'
import { type GrowingMemory, PAGE_BYTES, WordMemory } from './word-memory.ts'

/** What is done in the memory of words (`word-layout.ts`). */
export interface WordFunctions {
  /**
   * Takes the tokens of a text as candidates until there is no room for another one, or one comes that is left to the scanner: what
   * characters beyond ASCII have a say in, what begins with an underscore, what is long.
   *
   * @param at - Where the text, or what is left of it, begins in the memory: in the window.
   * @param end - Its end (exclusive).
   * @param line - Noted with each candidate.
   * @returns Where it stopped: `end` when all is taken. The bytes before that are no part of a token any more, but for a `#` or `*`.
   */
  readonly scan: (at: number, end: number, line: number) => number
  /** Takes the bytes, one or more, that were written where the next candidate goes. */
  readonly take: (length: number, line: number) => unknown
  /**
   * Looks up all candidates, makes tokens of new ones, and notes their comings. There must be room in all blocks.
   *
   * @returns How many they were.
   */
  readonly settle: () => number
}

/** A memory of words and what works on it. */
export interface WordKernel extends WordFunctions {
  readonly memory: WordMemory
}

/** Makes a kernel of WebAssembly, or of JavaScript where WebAssembly has no SIMD. */
export function makeWordKernel(): WordKernel {
  module ??= wasm?.validate(MODULE) ? new wasm.Module(MODULE) : 'none'
  if (module === 'none') return makePlainKernel()
  // The module exports exactly these.
  const exports = new wasm!.Instance(module).exports as WordFunctions & {
    readonly memory: GrowingMemory
  }
  const { scan, take, settle } = exports
  return { memory: new WordMemory(exports.memory), scan, take, settle }
}

/** Makes a kernel of JavaScript, which does the same more slowly. */
export function makePlainKernel(): WordKernel {
  const memory = new WordMemory(new PlainMemory(FIRST_PAGES))
  return { memory, ...makePlainWords(memory) }
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
  validate(bytes: Uint8Array): boolean
}

/** Node's types leave it out; an engine without a compiler has none. */
const wasm = (globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly

const FIRST_PAGES: number = Math.ceil(BLOCKS / PAGE_BYTES)
/** As far as 32 bits address. */
const MAX_PAGES = 65_536
const MODULE: Uint8Array<ArrayBuffer> = assembleModule(
  FIRST_PAGES,
  [makeScan(), makeTake(), makeSettle()],
  MAX_PAGES,
)
/** The same each time, compiled at the first. */
let module: object | 'none' | undefined
