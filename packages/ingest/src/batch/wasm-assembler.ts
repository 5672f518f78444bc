/**
 * Writes WebAssembly modules (core specification 2.0, section 5) from instructions that are plain arrays of bytes. It knows
 * what `kernel-code.ts` needs: functions of 32-bit integers, 16-byte vectors, one memory of a fixed size.
 */

import { Buffer } from 'node:buffer'

/** Some instructions, encoded. */
export type Code = readonly number[]

/** One exported function: all parameters, and its one result, are 32-bit integers. */
export interface WasmFunction {
  readonly name: string
  readonly parameterCount: number
  /** Locals behind the parameters: vectors first, then integers. */
  readonly vectorCount: number
  readonly integerCount: number
  /** Leaves one integer on the stack. */
  readonly body: Code
}

/** One after the other. */
export const seq = (...parts: readonly Code[]): Code => parts.flat()

/** Value of a local, and taking the stack's value into one. */
export const get = (local: number): Code => [0x20, local]
export const set = (local: number, value: Code): Code => [...value, 0x21, local]

/** A constant; of all 16 bytes of a vector; a vector made of one byte that is known only when it runs. */
export const int = (value: number): Code => [0x41, ...signedLeb(value)]
export const bytes16 = (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)]
export const splat = (byte: Code): Code => [...byte, 0xfd, 0x0f]

/** Integers. */
export const add = (one: Code, other: Code): Code => [...one, ...other, 0x6a]
export const subtract = (one: Code, other: Code): Code => [...one, ...other, 0x6b]
export const and = (one: Code, other: Code): Code => [...one, ...other, 0x71]
export const or = (one: Code, other: Code): Code => [...one, ...other, 0x72]
export const shiftLeft = (value: Code, bits: number): Code => [...value, ...int(bits), 0x74]
export const countTrailingZeros = (value: Code): Code => [...value, 0x68]
export const isZero = (value: Code): Code => [...value, 0x45]
export const isEqual = (one: Code, other: Code): Code => [...one, ...other, 0x46]
/** Both taken as unsigned. */
export const isLess = (one: Code, other: Code): Code => [...one, ...other, 0x49]
export const addTo = (local: number, value: Code): Code => set(local, add(get(local), value))

/** Vectors, byte by byte: all bits set where it is true. */
export const eachEqual = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x23]
/** Bytes taken as unsigned. */
export const eachLess = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x26]
export const eachOr = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x50]
/** The highest bit of each byte, the first byte's lowest. */
export const bitmask = (vector: Code): Code => [...vector, 0xfd, 0x64]

/** Memory. `offset` is a constant added to the address. */
export const load8 = (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsignedLeb(offset)]
export const load16 = (address: Code, offset = 0): Code => [...address, 0x2f, 0, ...unsignedLeb(offset)]
export const store8 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x3a, 0],
  ...unsignedLeb(offset),
]
export const store16 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x3b, 0],
  ...unsignedLeb(offset),
]
export const store32 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x36, 0],
  ...unsignedLeb(offset),
]
export const loadVector = (address: Code): Code => [...address, 0xfd, 0x00, 0, 0]
export const storeVector = (address: Code, value: Code): Code => [...address, ...value, 0xfd, 0x0b, 0, 0]

/** Runs the body; `again(depth)` in it starts it anew, `depth` counting the `loop`s and `when`s in between. */
export const loop = (...body: readonly Code[]): Code => [0x03, 0x40, ...seq(...body), 0x0b]
export const when = (condition: Code, ...body: readonly Code[]): Code => [
  ...[...condition, 0x04, 0x40],
  ...[...seq(...body), 0x0b],
]
export const again = (depth: number): Code => [0x0c, depth]

/** The binary module: it exports `memory` and the functions. */
export function assembleModule(
  memoryPages: number,
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const I32 = 0x7f
  const V128 = 0x7b
  const list = (items: readonly Code[]): Code => [...unsignedLeb(items.length), ...items.flat()]
  const sized = (content: Code): Code => [...unsignedLeb(content.length), ...content]
  const section = (id: number, content: Code): Code => [id, ...sized(content)]
  const name = (text: string): Code => sized([...Buffer.from(text)])
  const types = functions.map(
    ({ parameterCount }): Code => [
      0x60,
      ...list(new Array<Code>(parameterCount).fill([I32])),
      ...list([[I32]]),
    ],
  )
  const exported = functions.map(({ name: text }, i): Code => [...name(text), 0, i])
  const codes = functions.map(({ vectorCount, integerCount, body }) =>
    sized([
      ...list([
        [vectorCount, V128],
        [integerCount, I32],
      ]),
      ...body,
      0x0b,
    ]),
  )
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(3, list(functions.map((_, i) => [i]))),
    ...section(5, [1, 1, ...unsignedLeb(memoryPages), ...unsignedLeb(memoryPages)]),
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
