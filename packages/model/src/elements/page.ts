import { z } from 'zod'

/** Id and name of something. */
export const elementsNamedSchema = z.object({ id: z.string(), name: z.string() })
/** Id and name of something. */
export type ElementsNamed = z.infer<typeof elementsNamedSchema>

/** A page of a list; the last one has no `nextAnchor`. */
export function elementsPageSchema<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; nextAnchor: z.ZodOptional<z.ZodString> }> {
  return z.object({ items: z.array(item), nextAnchor: z.string().max(512).optional() })
}

/** How many there are of a value; the value's member is named after what was counted by. */
export const elementsCountSchema = z.object({
  items: z.array(z.object({ count: z.int() }).catchall(z.string())),
})

/** What became of one target of a call that has several. */
export const elementsTargetResultSchema = z.object({
  target: z.string(),
  /** HTTP status: 2xx where it was done, 404 for a target that is not known. */
  status: z.int(),
  details: z.string().optional(),
})
/** What became of one target of a call that has several. */
export type ElementsTargetResult = z.infer<typeof elementsTargetResultSchema>

/** What became of the targets of a call. */
export const elementsMultiStatusSchema = z.object({
  multistatus: z.array(elementsTargetResultSchema),
  transactionId: z.string(),
})

/** A refusal. `code` is the HTTP status times 1,000 and a number. */
export const elementsErrorSchema = z.object({
  message: z.string(),
  code: z.int(),
  details: z.object({ reason: z.string() }).optional(),
  transactionId: z.string(),
})

/** A refusal of where tokens come from (RFC 6749, section 5.2). */
export const elementsTokenErrorSchema = z.object({ error: z.string(), error_description: z.string() })

/** A token (RFC 6749, section 5.1). */
export const elementsTokenSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
})
