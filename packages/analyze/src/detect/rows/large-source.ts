/** Events with a larger source are looked at one after the other, with turns for others between. */
export const LARGE_SOURCE_BYTES: number = 1024 * 1024
