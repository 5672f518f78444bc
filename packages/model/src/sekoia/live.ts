import { z } from 'zod'

/** What the live socket tells: an alert that came or changed, a remark on one, a search job that is done. */
export const sekoiaNotificationSchema = z.object({
  metadata: z.object({
    version: z.literal(2),
    uuid: z.string(),
    created_at: z.string(),
    community_uuid: z.string(),
  }),
  type: z.enum(['alert', 'alert-comment', 'search-job']),
  action: z.enum(['created', 'updated']),
  attributes: z.looseObject({
    uuid: z.string(),
    short_id: z.string().optional(),
    /** What is new: of an alert `status` (its id) and `status_name`, of a job `status`. */
    updated: z.record(z.string(), z.unknown()).optional(),
  }),
})
/** What the live socket tells. */
export type SekoiaNotification = z.infer<typeof sekoiaNotificationSchema>
