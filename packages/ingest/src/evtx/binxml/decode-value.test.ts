import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { guid, number, sid, texts, ticksOf, type ValueSpec } from '../testing/values.ts'
import { ValueDecoder } from './decode-value.ts'
import { ARRAY_BIT, VALUE } from './value-types.ts'

const decoder = new ValueDecoder()

function decode(type: number, bytes: Uint8Array): unknown {
  // Other bytes around it: a value must not be read beyond its own.
  const padded = Buffer.concat([Buffer.alloc(3, 0xee), bytes, Buffer.alloc(20, 0xee)])
  return decoder.decode(padded, type, 3, bytes.length)
}

function decodeSpec(spec: ValueSpec): unknown {
  return 'bytes' in spec ? decode(spec.type, spec.bytes) : undefined
}

function hex(type: number, digits: string): unknown {
  return decode(type, Buffer.from(digits, 'hex'))
}

describe('ValueDecoder', () => {
  it.each<[string, number, string, unknown]>([
    ['i8', VALUE.i8, 'ff', -1],
    ['u8', VALUE.u8, 'ff', 255],
    ['i16', VALUE.i16, 'feff', -2],
    ['u16', VALUE.u16, 'feff', 65_534],
    ['i32', VALUE.i32, 'ffffffff', -1],
    ['u32', VALUE.u32, 'ffffffff', 4_294_967_295],
    ['i64', VALUE.i64, 'ffffffffffffffff', -1],
    ['u64 that a double holds', VALUE.u64, '00000000ffff1f00', 0x1fffff00000000],
    ['u64 that none holds', VALUE.u64, 'ffffffffffffffff', 18_446_744_073_709_551_615n],
    ['false', VALUE.bool, '00000000', false],
    ['true', VALUE.bool, '01000000', true],
    ['a flag that is neither', VALUE.bool, '10000000', 16],
    ['hex32', VALUE.hex32, '0a000000', '0xa'],
    ['hex64', VALUE.hex64, '0a00000001000000', '0x10000000a'],
    ['size_t of 32 bits', VALUE.sizeT, '0a000000', '0xa'],
    ['size_t of 64 bits', VALUE.sizeT, '0a00000000000000', '0xa'],
    ['binary', VALUE.binary, '00abcd', '00ABCD'],
    ['ANSI text, zeros left out', VALUE.ansi, '80612000', '€a '],
    ['a half surrogate', VALUE.text, '00d8', '\ud800'],
    ['text up to its first zero', VALUE.text, '6100000062000000', 'a'],
    ['empty text', VALUE.text, '0000', undefined],
    ['null with bytes', VALUE.null, 'ffff', undefined],
    ['a type of the wrong size, as its bytes', VALUE.u32, 'abcd', 'ABCD'],
    ['a type that is not known, as its bytes', 0x20, 'abcd', 'ABCD'],
    ['numbers', VALUE.u16 | ARRAY_BIT, '01000200', [1, 2]],
    ['flags of which one is neither', VALUE.bool | ARRAY_BIT, '0100000010000000', [1, 16]],
    ['an array that does not come out even', VALUE.u16 | ARRAY_BIT, '010002', '010002'],
    ['a SID with more parts than bytes', VALUE.sid, '0105000000000005', '0105000000000005'],
  ])('decodes %s', (_, type, digits, expected) => {
    expect(hex(type, digits)).toEqual(expected)
  })

  it.each<[number, string]>([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.00001, '0.00001'],
    [0.000001, '1e-6'],
    [1.5e16, '1.5e+16'],
    [1e15, '1000000000000000.0'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-inf'],
  ])('writes the double %d as %s', (value, expected) => {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(value)
    expect(decode(VALUE.f64, bytes)).toBe(expected)
  })

  it('writes a single by its own precision', () => {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatLE(0.1)
    expect(decode(VALUE.f32, bytes)).toBe('0.1')
  })

  it('writes GUIDs and SIDs as Windows does', () => {
    expect(decodeSpec(guid('00112233445566778899aabbccddeeff'))).toBe(
      '{33221100-5544-7766-8899-aabbccddeeff}',
    )
    expect(decodeSpec(sid('S-1-5-21-1-2-4294967295'))).toBe('S-1-5-21-1-2-4294967295')
  })

  it('parts texts of an array at their zeros, empty ones too', () => {
    expect(decodeSpec(texts('a', '', 'b'))).toEqual(['a', '', 'b'])
    expect(decode(VALUE.text | ARRAY_BIT, Buffer.from('a\0b', 'utf16le'))).toEqual(['a', 'b'])
  })

  it.each([
    '1601-01-01T00:00:00.0000000Z',
    '1970-01-01T00:00:00.0000001Z',
    '2024-02-29T23:59:59.9999999Z',
    '2026-03-01T10:00:00.1234567Z',
  ])('writes all digits of the FILETIME %s', (iso) => {
    expect(decodeSpec(number(VALUE.fileTime, ticksOf(iso)))).toBe(iso)
  })

  it('writes FILETIMEs at the end of their range', () => {
    expect(hex(VALUE.fileTime, 'ffffffffffffffff')).toBe('0000-00-00T00:00:00.0000000Z')
    expect(hex(VALUE.fileTime, 'ffffffffffffff7f')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
  })

  it('writes a SYSTEMTIME, and the first of 1601 for what is no date', () => {
    expect(hex(VALUE.systemTime, 'e8070200040 01d00170 03b003b00e703'.replaceAll(' ', ''))).toBe(
      '2024-02-29T23:59:59.9990000Z',
    )
    expect(hex(VALUE.systemTime, 'e7070200040 01d00170 03b003b00e703'.replaceAll(' ', ''))).toBe(
      '1601-01-01T00:00:00.0000000Z',
    )
  })
})
