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
