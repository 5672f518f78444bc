/**
 * Types of values in binary XML. Bit 0x80 makes an array of the type.
 *
 * Source: libyal/libevtx, Windows XML Event Log (EVTX), value types; [MS-EVEN6] 2.2.12.
 */
export const VALUE = {
  null: 0x00,
  text: 0x01,
  ansi: 0x02,
  i8: 0x03,
  u8: 0x04,
  i16: 0x05,
  u16: 0x06,
  i32: 0x07,
  u32: 0x08,
  i64: 0x09,
  u64: 0x0a,
  f32: 0x0b,
  f64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  sizeT: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  fragment: 0x21,
} as const

/** Set in the type of an array. */
export const ARRAY_BIT = 0x80

/** Bytes of a value of each type that has a fixed size; 0 for others. */
export const FIXED_SIZES: Uint8Array = new Uint8Array(256)
const SIZES: readonly (readonly [type: number, sizeBytes: number])[] = [
  [VALUE.i8, 1],
  [VALUE.u8, 1],
  [VALUE.i16, 2],
  [VALUE.u16, 2],
  [VALUE.i32, 4],
  [VALUE.u32, 4],
  [VALUE.i64, 8],
  [VALUE.u64, 8],
  [VALUE.f32, 4],
  [VALUE.f64, 8],
  [VALUE.bool, 4],
  [VALUE.guid, 16],
  [VALUE.fileTime, 8],
  [VALUE.systemTime, 16],
  [VALUE.hex32, 4],
  [VALUE.hex64, 8],
]
for (const [type, sizeBytes] of SIZES) FIXED_SIZES[type] = sizeBytes
