/**
 * Timelines that one import makes of the hosts and sources in its archives: the names of hosts are whatever
 * an archive says. What comes beyond goes to the import's own timeline.
 */
export const MAX_IMPORT_TIMELINES = 256

/** Inputs up to this size are read on the main thread: quicker than to hand them to another, and soon done (about 20 ms). */
export const MAX_BYTES_HERE: number = 512 * 1024

/** Bytes of rows up to which a file is held in memory until it has been read to its end. */
export const MAX_HELD_BYTES: number = 2 * 1024 * 1024

/** Bytes of rows of small files that are committed together. A crash loses them together. */
export const MAX_GROUP_BYTES: number = 32 * 1024 * 1024

/** Small files that are committed together. */
export const MAX_GROUP_FILES = 256
