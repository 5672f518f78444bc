import {
  add,
  addTo,
  again,
  and,
  assembleModule,
  bitmask,
  bytes16,
  type Code,
  countTrailingZeros,
  eachEqual,
  eachLess,
  eachOr,
  get,
  giveBack,
  int,
  isEqual,
  isLess,
  isZero,
  load8,
  load16,
  loadVector,
  loop,
  or,
  seq,
  set,
  shiftLeft,
  splat,
  store8,
  store16,
  store32,
  storeVector,
  subtract,
  type WasmFunction,
  when,
} from '@timeskein/model/wasm-assembler'

/** Where `copy` leaves the end of what it wrote. */
export const RESULT = 0
/** 256 bytes: what a byte after a backslash stands for; 0 for `u` and for what is no escape. */
export const UNESCAPED_TABLE = 256
/** 256 bytes: the letter behind the backslash for a byte that JSON escapes; 0 for those that need `\u00xx`. */
export const LETTER_TABLE = 512
/** 32 times two bytes: the hexadecimal digits of 0 to 31. */
export const HEX_TABLE = 768

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Bits of the bytes of a vector that JSON escapes in a string: the quote, the backslash, control characters. */
function maskSpecial(vector: Code): Code {
  const quotes = eachEqual(vector, bytes16(QUOTE))
  const slashes = eachEqual(vector, bytes16(BACKSLASH))
  return bitmask(eachOr(eachOr(quotes, slashes), eachLess(vector, bytes16(0x20))))
}

/**
 * `copy(from, to, limit)`: copies the text of a JSON string, resolving simple escapes, and returns where it stopped; the end
 * of what was written goes to `RESULT`.
 */
function makeCopy(): WasmFunction {
  const [from, to, limit, vector, found] = [0, 1, 2, 3, 4] as const
  const step = seq(
    set(vector, loadVector(get(from))),
    storeVector(get(to), get(vector)),
    set(found, maskSpecial(get(vector))),
    when(isZero(get(found)), addTo(from, int(16)), addTo(to, int(16)), again(2)),
    addTo(from, countTrailingZeros(get(found))),
    addTo(to, countTrailingZeros(get(found))),
    when(
      isEqual(load8(get(from)), int(BACKSLASH)),
      set(found, load8(load8(get(from), 1), UNESCAPED_TABLE)),
      when(get(found), store8(get(to), get(found)), addTo(from, int(2)), addTo(to, int(1)), again(3)),
    ),
  )
  return {
    name: 'copy',
    parameterCount: 3,
    vectorCount: 1,
    integerCount: 1,
    body: seq(loop(when(isLess(get(from), get(limit)), step)), store32(int(RESULT), get(to)), get(from)),
  }
}

/**
 * `mark(from, limit, to, one, other, third, base)`: writes the position of every byte that is one of three, less `base`, as
 * 32-bit numbers, and returns where they ended. Looks at up to 15 bytes behind `limit`.
 */
function makeMark(): WasmFunction {
  const [from, limit, to, one, other, third, base] = [0, 1, 2, 3, 4, 5, 6] as const
  const [ones, others, thirds, vector, found] = [7, 8, 9, 10, 11] as const
  const isOne = eachEqual(get(vector), get(ones))
  const isOther = eachEqual(get(vector), get(others))
  const isThird = eachEqual(get(vector), get(thirds))
  const position = subtract(add(get(from), countTrailingZeros(get(found))), get(base))
  const note = seq(
    store32(get(to), position),
    addTo(to, int(4)),
    set(found, and(get(found), subtract(get(found), int(1)))),
  )
  const step = seq(
    set(vector, loadVector(get(from))),
    set(found, bitmask(eachOr(eachOr(isOne, isOther), isThird))),
    loop(when(get(found), note, again(1))),
    addTo(from, int(16)),
  )
  return {
    name: 'mark',
    parameterCount: 7,
    vectorCount: 4,
    integerCount: 1,
    body: seq(
      set(ones, splat(get(one))),
      set(others, splat(get(other))),
      set(thirds, splat(get(third))),
      loop(when(isLess(get(from), get(limit)), step, again(1))),
      get(to),
    ),
  }
}

/**
 * `cell(from, size, to, name, nameSize, json)`: copies a text to `to`, and writes it behind its name to `json`, with the
 * escapes of a JSON string; returns where that ended. Up to 16 bytes behind either end are overwritten.
 */
function makeCell(): WasmFunction {
  const [from, size, to, name, nameSize, json] = [0, 1, 2, 3, 4, 5] as const
  const [vector, limit, found, byte] = [6, 7, 8, 9] as const
  // 16 when no byte is special: bit 16 is never set otherwise.
  const plain = countTrailingZeros(or(get(found), int(0x10000)))
  const letter = load8(get(byte), LETTER_TABLE)
  const hexDigits = load16(shiftLeft(get(byte), 1), HEX_TABLE)
  const copyName = seq(
    set(limit, add(get(json), get(nameSize))),
    set(found, get(json)),
    loop(
      when(
        isLess(get(found), get(limit)),
        storeVector(get(found), loadVector(get(name))),
        addTo(found, int(16)),
        addTo(name, int(16)),
        again(1),
      ),
    ),
    set(json, get(limit)),
  )
  const writeEscape = seq(
    set(byte, load8(get(from))),
    set(found, letter),
    when(get(found), store16(get(json), or(int(BACKSLASH), shiftLeft(get(found), 8))), addTo(json, int(2))),
    when(
      isZero(get(found)),
      // \u00 as four bytes, little-endian.
      store32(get(json), int(0x3030755c)),
      store16(get(json), hexDigits, 4),
      addTo(json, int(6)),
    ),
    addTo(from, int(1)),
    addTo(to, int(1)),
  )
  const step = seq(
    set(vector, loadVector(get(from))),
    storeVector(get(to), get(vector)),
    storeVector(get(json), get(vector)),
    set(found, maskSpecial(get(vector))),
    set(found, plain),
    // What is left of the text is plain: its end is the end.
    when(
      isZero(isLess(get(found), subtract(get(limit), get(from)))),
      ...[addTo(json, subtract(get(limit), get(from))), giveBack(get(json))],
    ),
    addTo(from, get(found)),
    addTo(to, get(found)),
    addTo(json, get(found)),
    when(isLess(get(found), int(16)), writeEscape),
  )
  return {
    name: 'cell',
    parameterCount: 6,
    vectorCount: 1,
    integerCount: 3,
    body: seq(
      copyName,
      set(limit, add(get(from), get(size))),
      loop(when(isLess(get(from), get(limit)), step, again(1))),
      get(json),
    ),
  }
}

/** The kernel's module, with a memory of so many pages of 64 KiB. */
export function makeKernelModule(memoryPages: number): Uint8Array<ArrayBuffer> {
  return assembleModule(memoryPages, [makeCopy(), makeMark(), makeCell()])
}
