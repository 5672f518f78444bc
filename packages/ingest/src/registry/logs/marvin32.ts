import type { Buffer } from 'node:buffer'

/** The seed of the hashes in a hive's transaction logs (Maxim Suhanov, "Windows registry file format specification", log entries). */
const SEED_LOW = 0x7a4e55c5
const SEED_HIGH = 0x82ef4d88
/** Stands behind the last whole word. */
const END = 0x80

/**
 * Marvin32 (Microsoft, US patent 20130262421; .NET's `Marvin`) with the seed of the registry's transaction logs.
 *
 * @param bytes - Whole words of four bytes: those that logs hash are.
 * @returns Its low and its high half, unsigned.
 */
export function hashMarvin32(bytes: Buffer): readonly [low: number, high: number] {
  let low = SEED_LOW | 0
  let high = SEED_HIGH | 0
  const mix = (word: number): void => {
    low = (low + word) | 0
    high ^= low
    low = (rotate(low, 20) + high) | 0
    high = rotate(high, 9) ^ low
    low = (rotate(low, 27) + high) | 0
    high = rotate(high, 19)
  }
  for (let at = 0; at + 4 <= bytes.length; at += 4) mix(bytes.readInt32LE(at))
  mix(END)
  mix(0)
  return [low >>> 0, high >>> 0]
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
