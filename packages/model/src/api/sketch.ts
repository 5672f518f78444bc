import { z } from 'zod'

/** An investigation. Times are ISO 8601. */
export const sketchSchema = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  status: z.string(),
  owner: z.string(),
  updatedAt: z.string(),
  /** Grows with every change of events, marks or timelines. */
  revision: z.int(),
})

/** A sketch as our API sends it and `skein sketch … --json` prints it. `status` is Timesketch's word (`new`, `ready`, `archived`). */
export type ApiSketch = z.infer<typeof sketchSchema>

/** The body of `POST /sketches`. */
export const newSketchSchema = z.strictObject({
  name: z.string().min(1).max(255),
  description: z.string().optional(),
})

/** The body of `PATCH /sketches/{id}`: what is left out stays as it is. */
export const sketchChangeSchema = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  description: z.string().optional(),
})

/** Events of one origin. `first` and `last` are ISO 8601, left out when there is no event. */
export const timelineSchema = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  index: z.string(),
  events: z.int(),
  first: z.string().optional(),
  last: z.string().optional(),
  /** Why rows or all were not taken; empty when nothing is wrong. */
  problem: z.string(),
})

/** A timeline as our API sends it and `skein timeline … --json` prints it. `index` is the search index (32 hex digits) that holds its events. */
export type ApiTimeline = z.infer<typeof timelineSchema>

/** The body of `PATCH /sketches/{id}/timelines/{id}`. */
export const timelineChangeSchema = z.strictObject({ name: z.string().min(1).max(255) })
