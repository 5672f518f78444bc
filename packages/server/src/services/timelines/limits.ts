/**
 * A source so large has an index of its own where the sketch's have events already: a row of an index takes time for each column that the
 * index has, also for those that only other sources fill. A smaller one is written sooner than an index is made.
 */
export const LARGE_SOURCE_BYTES: number = 64 * 1024 * 1024

/** Events from which on an index is not one that a large source goes to. */
export const FILLED_INDEX_EVENTS = 100_000

/** Indexes that a sketch has of large sources: each question asks all of them. */
export const MAX_SOURCE_INDEXES = 16
