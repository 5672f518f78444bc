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
export type ApiSketch = z.infer<typeof sketchSchema>

export const newSketchSchema = z.object({
  name: z.string().min(1).max(255),
  description: z.string().optional(),
})
export const sketchChangeSchema = z.object({
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
export type ApiTimeline = z.infer<typeof timelineSchema>

export const timelineChangeSchema = z.object({ name: z.string().min(1).max(255) })
