/** Limits on what a hostile prefetch file may cost. */

/** Bytes of a file, packed or not; real ones have some hundred thousand. */
export const MAX_PREFETCH_BYTES: number = 16 * 1024 * 1024

/** Files that a program loaded, in one record. */
export const MAX_MAPPED_FILES = 20_000

/** Volumes that a program's files were on. */
export const MAX_VOLUMES = 256
