/**
 * Memory that long texts are read into, stretch by stretch, and that is used again. It is shared, so that threads read it where it
 * lies: handed from thread to thread, each stretch would look to their collectors like memory they had made.
 */
export interface StretchBuffers {
  /** Gives so many bytes, which may be anything; they come back with the stretch that is run. */
  take(sizeBytes: number): SharedArrayBuffer
  /** Takes back what no stretch has come to lie in. */
  giveBack(buffer: SharedArrayBuffer): void
}
