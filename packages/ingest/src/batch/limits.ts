/** Limits on what is read from outside. Each has a name, and whatever runs into one is told so by it. */

/** Objects and arrays nested deeper than this keep their source text but get no columns of their own. */
export const MAX_DEPTH = 100

/** The longest row, in bytes of its text; a longer one is rejected as `row-too-large`. */
export const MAX_ROW_BYTES: number = 128 * 1024 * 1024

/** Rows of one batch. */
export const MAX_BATCH_ROWS = 32_768

/** Bytes of source text at which a batch is closed; a single longer row makes a batch of its own. */
export const MAX_BATCH_BYTES: number = 48 * 1024 * 1024

/** Different (field, kind) pairs at which a batch is closed, so that rows of invented names stay affordable. */
export const MAX_BATCH_COLUMNS = 20_000

/** The text of a rejected row that is kept, in UTF-16 units. */
export const MAX_REJECT_TEXT: number = 1024 * 1024
