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

/** `local.get`. */
export const get = (local: number): Code => [0x20, local]
/** `local.set`. */
export const set = (local: number, value: Code): Code => [...value, 0x21, local]
/** `i32.const`, not below zero. */
export const int = (value: number): Code => [0x41, ...signedLeb(value)]

/** `i32.add`. */
export const add = (one: Code, other: Code): Code => [...one, ...other, 0x6a]
/** `i32.sub`. */
export const subtract = (one: Code, other: Code): Code => [...one, ...other, 0x6b]
/** `i32.and`. */
export const and = (one: Code, other: Code): Code => [...one, ...other, 0x71]
/** `i32.or`. */
export const or = (one: Code, other: Code): Code => [...one, ...other, 0x72]
/** `i32.shl`. */
export const shiftLeft = (value: Code, bits: number): Code => [...value, ...int(bits), 0x74]
/** `i32.ctz`: 32 where no bit is set. */
export const countTrailingZeros = (value: Code): Code => [...value, 0x68]
/** `i32.eqz`. */
export const isZero = (value: Code): Code => [...value, 0x45]
/** `i32.eq`. */
export const isEqual = (one: Code, other: Code): Code => [...one, ...other, 0x46]
/** `i32.lt_u`: both taken as unsigned. */
export const isLess = (one: Code, other: Code): Code => [...one, ...other, 0x49]
/** Adds to a local. */
export const addTo = (local: number, value: Code): Code => set(local, add(get(local), value))

/** `v128.const` with sixteen times one byte. */
export const bytes16 = (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)]
/** `i8x16.splat`: sixteen times a byte that is known only when it runs. */
export const splat = (byte: Code): Code => [...byte, 0xfd, 0x0f]
/** `i8x16.eq`: all bits of each byte set where it is true. */
export const eachEqual = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x23]
/** `i8x16.lt_u`: bytes taken as unsigned. */
export const eachLess = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x26]
/** `v128.or`. */
export const eachOr = (one: Code, other: Code): Code => [...one, ...other, 0xfd, 0x50]
/** `i8x16.bitmask`: the highest bit of each byte, the first byte's lowest. */
export const bitmask = (vector: Code): Code => [...vector, 0xfd, 0x64]

/** `i32.load8_u`; here and below `offset` is a constant added to the address. */
export const load8 = (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsignedLeb(offset)]
/** `i32.load16_u`, little-endian, at any address. */
export const load16 = (address: Code, offset = 0): Code => [...address, 0x2f, 0, ...unsignedLeb(offset)]
/** `i32.store8`. */
export const store8 = (address: Code, value: Code): Code => [...address, ...value, 0x3a, 0, 0]
/** `i32.store16`. */
export const store16 = (address: Code, value: Code, offset = 0): Code => [
  ...[...address, ...value, 0x3b, 0],
  ...unsignedLeb(offset),
]
/** `i32.store`. */
export const store32 = (address: Code, value: Code): Code => [...address, ...value, 0x36, 0, 0]
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
/** `br`: starts a `loop` anew, so many `loop`s and `when`s further out than the innermost. */
export const again = (depth: number): Code => [0x0c, depth]
/** `return`. */
export const giveBack = (value: Code): Code => [...value, 0x0f]

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
