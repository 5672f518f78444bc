/**
 * Writes WebAssembly modules (core specification 2.0, section 5) from instructions that are plain arrays of bytes. It knows
 * what our kernels need: functions of 32-bit integers, 64-bit ones and 16-byte vectors inside, one memory.
 */

/** Some instructions, encoded. */
export type Code = readonly number[]

/** One exported function: all parameters, and its one result, are 32-bit integers. */
export interface WasmFunction {
  readonly name: string
  readonly parameterCount: number
  /** Locals behind the parameters: vectors first, then integers, then those of 64 bits. */
  readonly vectorCount: number
  readonly integerCount: number
  readonly longCount?: number
  /** Leaves one integer on the stack. */
  readonly body: Code
}

/** One after the other. */
export const seq = (...parts: readonly Code[]): Code => parts.flat()

/** `local.get`. */
export const get = (local: number): Code => [0x20, local]
/** `local.set`. */
export const set = (local: number, value: Code): Code => [...value, 0x21, local]
/** `i32.const`, not below zero. */
export const int = (value: number): Code => [0x41, ...signedLeb(value)]
/** `i64.const`, not below zero. */
export const long = (value: bigint): Code => [0x42, ...signedLongLeb(value)]

/** `i32.add`. */
export const add = (one: Code, other: Code): Code => [...one, ...other, 0x6a]
/** `i32.sub`. */
export const subtract = (one: Code, other: Code): Code => [...one, ...other, 0x6b]
/** `i32.and`. */
export const and = (one: Code, other: Code): Code => [...one, ...other, 0x71]
/** `i32.or`. */
export const or = (one: Code, other: Code): Code => [...one, ...other, 0x72]
/** `i32.xor`. */
export const xor = (one: Code, other: Code): Code => [...one, ...other, 0x73]
/** `i32.shl`. */
export const shiftLeft = (value: Code, bits: number): Code => [...value, ...int(bits), 0x74]
/** `i32.shr_u`. */
export const shiftRight = (value: Code, bits: number): Code => [...value, ...int(bits), 0x76]
/** `i32.ctz`: 32 where no bit is set. */
export const countTrailingZeros = (value: Code): Code => [...value, 0x68]
/** `i32.eqz`. */
export const isZero = (value: Code): Code => [...value, 0x45]
/** `i32.eq`. */
export const isEqual = (one: Code, other: Code): Code => [...one, ...other, 0x46]
/** `i32.lt_u`: both taken as unsigned. */
export const isLess = (one: Code, other: Code): Code => [...one, ...other, 0x49]
/** `select`: one value or the other; both are computed. */
export const choose = (condition: Code, one: Code, other: Code): Code => [
  ...one,
  ...other,
  ...condition,
  0x1b,
]
/** Adds to a local. */
export const addTo = (local: number, value: Code): Code => set(local, add(get(local), value))

/** `i64.mul`. */
export const multiplyLong = (one: Code, other: Code): Code => [...one, ...other, 0x7e]
/** `i64.xor`. */
export const xorLong = (one: Code, other: Code): Code => [...one, ...other, 0x85]
/** `i64.shr_u`. */
export const shiftLongRight = (value: Code, bits: bigint): Code => [...value, ...long(bits), 0x88]
/** `i64.eq`. */
export const isEqualLong = (one: Code, other: Code): Code => [...one, ...other, 0x51]
/** `i64.extend_i32_u`. */
export const widen = (value: Code): Code => [...value, 0xad]
/** `i32.wrap_i64`: the lower half. */
export const narrow = (value: Code): Code => [...value, 0xa7]

/** `v128.const` with sixteen times one byte. */
export const bytes16 = (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)]
/** `i8x16.splat`: sixteen times a byte that is known only when it runs. */
export const splat = (byte: Code): Code => [...byte, 0xfd, 0x0f]
/** `i8x16.eq`: all bits of each byte set where it is true. */
export const eachEqual = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x23]
/** `i8x16.lt_u`: bytes taken as unsigned. */
export const eachLess = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x26]
/** `i8x16.sub`. */
export const eachSubtract = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x71]
/** `v128.and`. */
export const eachAnd = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x4e]
/** `v128.or`. */
export const eachOr = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x50]
/** `i8x16.bitmask`: the highest bit of each byte, the first byte's lowest. */
export const bitmask = (vector: Code): Code => [...vector, 0xfd, 0x64]

/** `i64x2.extract_lane`: one of the two halves. */
export const halfOf = (vector: Code, lane: 0 | 1): Code => [...vector, 0xfd, 0x1d, lane]

/** `i32.load8_u`; here and below `offset` is a constant added to the address. */
export const load8 = (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsignedLeb(offset)]
/** `i32.load16_u`, little-endian, at any address. */
export const load16 = (address: Code, offset = 0): Code => [...address, 0x2f, 0, ...unsignedLeb(offset)]
/** `i32.load`, little-endian, at any address. */
export const load32 = (address: Code, offset = 0): Code => [...address, 0x28, 0, ...unsignedLeb(offset)]
/** `i64.load`, little-endian, at any address. */
export const load64 = (address: Code, offset = 0): Code => [...address, 0x29, 0, ...unsignedLeb(offset)]
/** `i32.store8`. */
export const store8 = (address: Code, value: Code): Code => [...address, ...value, 0x3a, 0, 0]
/** `i32.store16`. */
export const store16 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x3b, 0],
  ...unsignedLeb(offset),
]
/** `i32.store`. */
export const store32 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x36, 0],
  ...unsignedLeb(offset),
]
/** `i64.store`. */
export const store64 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x37, 0],
  ...unsignedLeb(offset),
]
/** `v128.load`. */
export const loadVector = (address: Code): Code => [...address, 0xfd, 0x00, 0, 0]
/** `v128.store`. */
export const storeVector = (address: Code, value: Code): Code => [...address, ...value, 0xfd, 0x0b, 0, 0]

/** `loop`: runs the body once, and anew for each `again` that means it. */
export const loop = (...body: readonly Code[]): Code => [0x03, 0x40, ...seq(...body), 0x0b]
/** `if` without `else`. */
export const when = (condition: Code, ...body: readonly Code[]): Code => [
  ...[...condition, 0x04, 0x40],
  ...[...seq(...body), 0x0b],
]
/** `if` with `else`. */
export const either = (condition: Code, then: Code, otherwise: Code): Code => [
  ...[...condition, 0x04, 0x40],
  ...[...then, 0x05, ...otherwise, 0x0b],
]
/** `block`: runs the body, or what of it comes before a `leave` that means it. */
export const block = (...body: readonly Code[]): Code => [0x02, 0x40, ...seq(...body), 0x0b]
/** `br`: goes on behind a `block`, `when` or `either`, counted as for `again`. */
export const leave = (depth: number): Code => [0x0c, depth]
/** `br`: starts a `loop` anew, so many `loop`s, `when`s and the like further out than the innermost. */
export const again = (depth: number): Code => [0x0c, depth]
/** `return`. */
export const giveBack = (value: Code): Code => [...value, 0x0f]

/**
 * The binary module: it exports `memory` and the functions.
 *
 * @param memoryPages - Of 64 KiB, at first.
 * @param maxMemoryPages - How far the memory may grow, at most 65,536. @default not at all
 */
export function assembleModule(
  memoryPages: number,
  functions: readonly WasmFunction[],
  maxMemoryPages: number = memoryPages,
): Uint8Array<ArrayBuffer> {
  const I32 = 0x7f
  const I64 = 0x7e
  const V128 = 0x7b
  const list = (items: readonly Code[]): Code => [...unsignedLeb(items.length), ...items.flat()]
  const sized = (content: Code): Code => [...unsignedLeb(content.length), ...content]
  const section = (id: number, content: Code): Code => [id, ...sized(content)]
  const name = (text: string): Code => sized([...new TextEncoder().encode(text)])
  const types = functions.map(
    ({ parameterCount }): Code => [
      0x60,
      ...list(new Array<Code>(parameterCount).fill([I32])),
      ...list([[I32]]),
    ],
  )
  const exported = functions.map(({ name: text }, i): Code => [...name(text), 0, i])
  const codes = functions.map(({ vectorCount, integerCount, longCount = 0, body }) =>
    sized([
      ...list([
        [vectorCount, V128],
        [integerCount, I32],
        [longCount, I64],
      ]),
      ...body,
      0x0b,
    ]),
  )
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(3, list(functions.map((_, i) => [i]))),
    ...section(5, [1, 1, ...unsignedLeb(memoryPages), ...unsignedLeb(maxMemoryPages)]),
    ...section(7, list([[...name('memory'), 2, 0], ...exported])),
    ...section(10, list(codes)),
  ])
}

function unsignedLeb(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)]
}

function signedLeb(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >>> 7)]
}

function signedLongLeb(value: bigint): Code {
  return value < 0x40n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...signedLongLeb(value >> 7n)]
}
