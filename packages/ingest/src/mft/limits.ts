/** Limits on what a hostile $MFT may cost. */

/** Bytes of one entry: 1024, or 4096 on disks with large sectors. */
export const MAX_ENTRY_BYTES = 4096

/** Folders above a file whose names are followed. */
export const MAX_PATH_DEPTH = 255

/** Bytes of a path; what is above is left out. */
export const MAX_PATH_LENGTH = 4096

/** Folders whose names are kept to make paths of. */
export const MAX_FOLDERS = 5_000_000
