import {
  add,
  addTo,
  again,
  and,
  bitmask,
  bytes16,
  type Code,
  countTrailingZeros,
  eachAnd,
  eachEqual,
  eachLess,
  eachOr,
  eachSubtract,
  either,
  get,
  giveBack,
  halfOf,
  int,
  isEqual,
  isLess,
  isZero,
  load8,
  load64,
  loadVector,
  long,
  loop,
  multiplyLong,
  narrow,
  or,
  seq,
  set,
  shiftLongRight,
  shiftRight,
  store32,
  storeVector,
  subtract,
  type WasmFunction,
  when,
  widen,
  xor,
  xorLong,
} from '@timeskein/model/wasm-assembler'
import { padded, setState, state } from './state-code.ts'
import {
  BEYOND_ASCII,
  CANDIDATE_LIMIT,
  CLASSES,
  IS_DIGIT,
  IS_LETTER,
  JOINS_SHIFT,
  LONG_TOKEN,
  MASKS,
  NOTE_BYTES,
  NOTE_LENGTH,
  NOTE_LINE,
  STATE,
} from './word-layout.ts'

const classOf = (address: Code): Code => load8(load8(address), CLASSES)

/** So many bytes of ones, then zeros, sixteen in all. */
const firstBytes = (length: Code): Code => loadVector(subtract(int(MASKS), length))

/** Mixes eight more bytes into a hash. */
const mix = (hash: number, bytes: Code): Code =>
  seq(
    set(hash, multiplyLong(xorLong(get(hash), bytes), long(0x4e3779b97f4a7c15n))),
    set(hash, xorLong(get(hash), shiftLongRight(get(hash), 32n))),
  )

interface FinishLocals {
  readonly text: number
  readonly length: number
  readonly to: number
  readonly note: number
  readonly line: number
  readonly at: number
  readonly hash: number
}

/** Pads and hashes the text at `to`, whose first sixteen bytes are in `text`, and notes it as a candidate. */
function finishCandidate({ text, length, to, note, line, at, hash }: FinishLocals): Code {
  const behind = add(get(to), get(length))
  const rest = and(get(length), int(15))
  const few = seq(
    set(text, eachAnd(get(text), firstBytes(get(length)))),
    storeVector(get(to), get(text)),
    mix(hash, halfOf(get(text), 0)),
    mix(hash, halfOf(get(text), 1)),
  )
  const many = seq(
    when(
      rest,
      set(at, subtract(behind, rest)),
      storeVector(get(at), eachAnd(loadVector(get(at)), firstBytes(rest))),
    ),
    set(at, get(to)),
    loop(when(isLess(get(at), behind), mix(hash, load64(get(at))), addTo(at, int(8)), again(1))),
  )
  return seq(
    set(hash, widen(get(length))),
    either(isLess(get(length), int(17)), few, many),
    store32(get(note), narrow(get(hash))),
    store32(get(note), get(length), NOTE_LENGTH * 4),
    store32(get(note), get(line), NOTE_LINE * 4),
    addTo(to, padded(get(length))),
    addTo(note, int(NOTE_BYTES)),
    setState(STATE.candidateEnd, get(to)),
    setState(STATE.noteEnd, get(note)),
  )
}

/**
 * `scan(at, end, line)`: takes the tokens of a text as candidates, as long as it is ASCII and no token is long or begins with an
 * underscore; returns where it stopped. Looks at up to 15 bytes behind `end`.
 */
export function makeScan(): WasmFunction {
  const [at, end, line] = [0, 1, 2] as const
  const [vector, text, letters, cases, a, alphabet, zero, ten, underscores] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11,
  ] as const
  const [start, to, note, run, kind, next, length, cursor] = [12, 13, 14, 15, 16, 17, 18, 19] as const
  const hash = 20
  const look = seq(
    set(vector, loadVector(get(at))),
    set(letters, eachLess(eachSubtract(eachOr(get(vector), get(cases)), get(a)), get(alphabet))),
  )
  const digits = eachLess(eachSubtract(get(vector), get(zero)), get(ten))
  const inWord = eachOr(eachOr(get(letters), digits), eachEqual(get(vector), get(underscores)))
  const lower = eachOr(get(vector), eachAnd(get(letters), get(cases)))
  const goOn = seq(look, storeVector(add(get(to), subtract(get(at), get(start))), lower))
  const isLong = isLess(int(LONG_TOKEN), subtract(get(at), get(start)))
  const isBeyond = (local: number): Code => and(get(local), int(BEYOND_ASCII))

  const skip = seq(
    set(run, countTrailingZeros(or(bitmask(eachOr(inWord, get(vector))), int(0x10000)))),
    when(
      get(run),
      addTo(at, get(run)),
      // Depths are counted from here: this `when`, the one of `at` and `end`, the loop over tokens.
      when(isEqual(get(run), int(16)), again(3)),
      when(isZero(isLess(get(at), get(end))), again(3)),
      look,
    ),
  )
  const join = when(
    get(kind),
    when(isBeyond(kind), giveBack(get(start))),
    when(
      isLess(add(get(at), int(1)), get(end)),
      set(next, classOf(add(get(at), int(1)))),
      when(isBeyond(next), giveBack(get(start))),
      when(
        and(and(shiftRight(get(kind), JOINS_SHIFT), get(next)), classOf(subtract(get(at), int(1)))),
        addTo(at, int(1)),
        when(isLong, giveBack(get(start))),
        goOn,
        again(4),
      ),
    ),
  )
  const runs = loop(
    set(run, countTrailingZeros(xor(bitmask(inWord), int(0x1ffff)))),
    addTo(at, get(run)),
    when(
      isLess(get(at), get(end)),
      when(isEqual(get(run), int(16)), when(isLong, giveBack(get(start))), goOn, again(2)),
      set(kind, classOf(get(at))),
      join,
    ),
  )
  const token = seq(
    look,
    skip,
    when(isZero(and(classOf(get(at)), int(IS_LETTER | IS_DIGIT))), giveBack(get(at))),
    set(start, get(at)),
    set(text, lower),
    storeVector(get(to), get(text)),
    runs,
    when(isLess(get(end), get(at)), set(at, get(end))),
    when(isLong, giveBack(get(start))),
    set(length, subtract(get(at), get(start))),
    finishCandidate({ text, length, to, note, line, at: cursor, hash }),
    again(1),
  )
  return {
    name: 'scan',
    parameterCount: 3,
    vectorCount: 9,
    integerCount: 8,
    longCount: 1,
    body: seq(
      ...(
        [
          [cases, 0x20],
          [a, 0x61],
          [alphabet, 26],
          [zero, 0x30],
          [ten, 10],
          [underscores, 0x5f],
        ] as const
      ).map(([local, byte]) => set(local, bytes16(byte))),
      set(to, state(STATE.candidateEnd)),
      set(note, state(STATE.noteEnd)),
      loop(
        when(
          isLess(get(at), get(end)),
          when(isLess(int(CANDIDATE_LIMIT), get(to)), giveBack(get(at))),
          token,
        ),
      ),
      get(end),
    ),
  }
}

/** `take(length, line)`: takes the bytes that were written where the next candidate goes. */
export function makeTake(): WasmFunction {
  const [length, line] = [0, 1] as const
  const [text, to, note, at, hash] = [2, 3, 4, 5, 6] as const
  return {
    name: 'take',
    parameterCount: 2,
    vectorCount: 1,
    integerCount: 3,
    longCount: 1,
    body: seq(
      set(to, state(STATE.candidateEnd)),
      set(note, state(STATE.noteEnd)),
      set(text, loadVector(get(to))),
      finishCandidate({ text, length, to, note, line, at, hash }),
      get(to),
    ),
  }
}
