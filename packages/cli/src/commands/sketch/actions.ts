/** What is done with a sketch by Timesketch's API, wherever it is. */
export const SKETCH_ACTIONS = ['archive', 'unarchive', 'export', 'labels', 'label', 'unlabel'] as const
/** One of `SKETCH_ACTIONS`. */
export type SketchAction = (typeof SKETCH_ACTIONS)[number]
