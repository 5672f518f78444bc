/** Limits on what a hostile jump list may cost. */

/** Bytes of a file. */
export const MAX_JUMP_LIST_BYTES: number = 64 * 1024 * 1024

/** Shortcuts of one list. */
export const MAX_SHORTCUTS = 50_000
