import { z } from 'zod'

/** How far a response action is. */
export const RESPONSE_STATES = [
  'created',
  'initializing',
  'sending',
  'running',
  'canceling',
  'finished',
] as const
/** How a response action ended. */
export const RESPONSE_RESULTS = ['succeeded', 'failed', 'timeout', 'cancelled'] as const

/** An act of responders on devices or accounts, and how far it is. */
export const elementsResponseActionSchema = z.object({
  id: z.string(),
  type: z.string(),
  state: z.enum(RESPONSE_STATES),
  result: z.enum(RESPONSE_RESULTS).optional(),
  author: z.string().optional(),
  comment: z.string().optional(),
  organizationId: z.string().optional(),
  createdTimestamp: z.string().optional(),
})
/** An act of responders on devices or accounts, and how far it is. */
export type ElementsResponseAction = z.infer<typeof elementsResponseActionSchema>

/** The part of a response action that one device does. */
export const elementsResponseTaskSchema = z.object({
  id: z.string(),
  actionId: z.string(),
  deviceId: z.string().optional(),
  state: z.enum(RESPONSE_STATES),
  result: z.enum(RESPONSE_RESULTS).optional(),
})
/** The part of a response action that one device does. */
export type ElementsResponseTask = z.infer<typeof elementsResponseTaskSchema>

/** A response action to carry out. */
export const elementsResponseDraftSchema = z.object({
  /** UUID. @default the client's own */
  organizationId: z.string().nullish(),
  /** Device ids. */
  targets: z.array(z.string()).min(1).max(10),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  comment: z.string().max(1000).nullish(),
})
/** A response action to carry out. */
export type ElementsResponseDraft = z.input<typeof elementsResponseDraftSchema>
