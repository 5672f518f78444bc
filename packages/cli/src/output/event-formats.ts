/** Formats that events can be streamed in. */
export const EVENT_FORMATS = ['jsonl', 'csv', 'arrow'] as const
/** One of `EVENT_FORMATS`. */
export type EventFormat = (typeof EVENT_FORMATS)[number]
