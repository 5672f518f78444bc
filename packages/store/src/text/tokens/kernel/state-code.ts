import { add, type Code, int, load32, shiftLeft, shiftRight, store32 } from '@timeskein/model/wasm-assembler'

/** A word of the state. */
export const state = (word: number): Code => load32(int(0), word * 4)
/** Sets a word of the state. */
export const setState = (word: number, value: Code): Code => store32(int(0), value, word * 4)
/** So many bytes, padded to a multiple of eight. */
export const padded = (length: Code): Code => shiftLeft(shiftRight(add(length, int(7)), 3), 3)
