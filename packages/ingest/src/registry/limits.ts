/** Limits on what a hostile registry hive may cost. Whatever runs into one is told so by its name. */

/** Bytes of a hive that are read at once: it is a tree that points everywhere, so it is held whole. */
export const MAX_HIVE_BYTES: number = 512 * 1024 * 1024

/** Keys inside of one another; Windows allows 512. */
export const MAX_KEY_DEPTH = 512

/** Characters of a key's path. */
export const MAX_KEY_PATH = 16_384

/** Values of one key that are read. */
export const MAX_KEY_VALUES = 16_384

/** Bytes of one value that are read. */
export const MAX_VALUE_BYTES: number = 16 * 1024 * 1024

/** Bytes of data of one key's values that are read together. */
export const MAX_KEY_DATA_BYTES: number = 32 * 1024 * 1024

/** Bytes of names and of values' data that are read of a hive at least, however small it is. */
export const MIN_HIVE_DATA_BYTES: number = 64 * 1024 * 1024

/** Bytes of names and of values' data that are read for each byte of a hive: more than one only where values share their data. */
export const HIVE_DATA_PER_BYTE = 2

/** Faults of one hive that are told one by one; of more, their number is told. */
export const MAX_HIVE_FAULTS = 10_000

/** Cells of a hive that are followed at least, however small it is. */
export const MIN_HIVE_CELLS = 100_000

/**
 * Cells that are followed for each byte of a hive. Each cell has at least eight bytes, is named once, and few are read more than twice, so
 * only a hive that names the same cells again and again comes to an end by this.
 */
export const HIVE_CELLS_PER_BYTE: number = 1 / 4

/** Cells of a SYSTEM hive that are followed to find the name of its computer: a few hundred lie on the way. */
export const MAX_SURVEYED_CELLS = 10_000

/** Bytes of one transaction log of a hive that are read: Windows writes it into the hive long before it has so many. */
export const MAX_HIVE_LOG_BYTES: number = 128 * 1024 * 1024
