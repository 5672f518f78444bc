/** Limits on what one row of a hostile storage file may cost. Whatever runs into one is told so by its name. */

/** Bytes of one container when it is unpacked; the largest that Plaso's own test data make have 170 kB. */
export const MAX_CONTAINER_BYTES: number = 32 * 1024 * 1024

/** Bytes of unpacked event data at which a piece is full, if its timestamp ends there. */
export const PIECE_BYTES: number = 4 * 1024 * 1024

/** Events at which a piece is full, if its timestamp ends there. */
export const PIECE_EVENTS = 16_384

/** Events of one timestamp that are ordered and rid of duplicates together, as psort has it. */
export const MAX_TIMESTAMP_EVENTS = 100_000

/** Bytes of unpacked event data at which a piece ends also within a timestamp. */
export const MAX_PIECE_BYTES: number = 64 * 1024 * 1024

/** Streams (paths and hashes of files) that are remembered while events are read. */
export const MAX_KEPT_STREAMS = 4096

/** Bytes of those. */
export const MAX_KEPT_STREAM_BYTES: number = 64 * 1024 * 1024

/** Rows of tags that are read; further ones are told and left out. */
export const MAX_TAG_ROWS = 4_000_000

/** Lists and dictionaries inside of one another in one container. */
export const MAX_VALUE_DEPTH = 64

/**
 * UTF-16 units of an attribute's name up to which it is remembered from one event to the next. V8 tells apart long texts of one length
 * only by looking at them one after the other, and no name that Plaso writes is as long.
 */
export const MAX_REMEMBERED_NAME_LENGTH = 256

/** Warnings of the storage file that are told in full; further ones are counted. */
export const MAX_TOLD_WARNINGS = 10

/** UTF-16 units of one made-up message; the fields have everything. */
export const MAX_MESSAGE_LENGTH: number = 1024 * 1024
