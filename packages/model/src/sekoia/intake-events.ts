import { z } from 'zod'

/** One event of its own intake. */
export const sekoiaPushedEventSchema = z.object({
  intake_key: z.string(),
  /** The event: JSON as text, an object, or a line of a log. */
  json: z.union([z.string(), z.record(z.string(), z.unknown())]),
  '@timestamp': z.union([z.string(), z.number()]).optional(),
  timestamp: z.union([z.string(), z.number()]).optional(),
})
/** One event of its own intake. */
export type SekoiaPushedEvent = z.input<typeof sekoiaPushedEventSchema>

/** Events of one intake. */
export const sekoiaPushedBatchSchema = z.object({
  intake_key: z.string(),
  jsons: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
})

/** The ids that events got, in the order in which they were sent. */
export const sekoiaEventIdsSchema = z.object({ event_ids: z.array(z.string()) })
/** The id that an event got. */
export const sekoiaEventIdSchema = z.object({ event_id: z.string() })
