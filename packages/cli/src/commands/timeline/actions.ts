/** What is done with a timeline by Timesketch's API, wherever it is. */
export const TIMELINE_ACTIONS = ['describe', 'color'] as const
/** One of `TIMELINE_ACTIONS`. */
export type TimelineAction = (typeof TIMELINE_ACTIONS)[number]
