/** Limits on what one record or chunk of a hostile event log may cost. Whatever runs into one is told so by its name. */

/** Bytes of a chunk: nothing in it points outside. */
export const CHUNK_BYTES = 65_536

/** Bytes in front of a chunk's first record. */
export const CHUNK_HEADER_BYTES = 512

/** Bytes in front of a file's first chunk. */
export const FILE_HEADER_BYTES = 4096

/** The shortest record: its header and the copy of its size. */
export const MIN_RECORD_BYTES = 28

/** Fragments inside of values of fragments. */
export const MAX_FRAGMENT_DEPTH = 64

/** Elements inside of one another, over all nested fragments. */
export const MAX_ELEMENT_DEPTH = 512

/** Elements, attributes and texts of one record. */
export const MAX_RECORD_NODES: number = 2 ** 18

/** Elements, attributes and texts of all records of a chunk that are read by way of a tree. */
export const MAX_CHUNK_NODES: number = 2 ** 20

/** JSON text of one record, and text of its values while they are gathered. */
export const MAX_RECORD_TEXT_BYTES: number = 7 * 1024 * 1024

/** JSON text of all records of a chunk: a thousand times what it was made of. */
export const MAX_CHUNK_TEXT_BYTES: number = 64 * 1024 * 1024

/** Bytes after which a made-up message names no further value, and bytes of one value in it; the fields have them whole. */
export const MAX_MESSAGE_BYTES = 480
export const MAX_MESSAGE_VALUE_BYTES = 200
