import { z } from 'zod'

/** A parameter that may come several times, or have several values with commas. */
export const threatStackFieldsSchema = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => {
    const names = [value ?? []]
      .flat()
      .flatMap((one) => one.split(','))
      .filter((name) => name.trim() !== '')
    return names.length === 0 ? undefined : names
  })

/** Flags as clients write them: `true`, `True`, `1`, or nothing at all. */
export const threatStackFlagSchema = z
  .string()
  .optional()
  .transform((text, context) => {
    const word = text?.toLowerCase()
    if (word === undefined) return undefined
    if (word === 'true' || word === '1' || word === '') return true
    if (word === 'false' || word === '0') return false
    context.addIssue({ code: 'custom', message: 'true or false was expected' })
    return z.NEVER
  })

const wholeNumber = z.string().regex(/^\d{1,9}$/, 'a whole number was expected')

/** Parameters of lists of version 1 that come by page; `limit` is another name of `count`. */
export const threatStackPageQuerySchema = z.object({
  page: wholeNumber.optional(),
  count: wholeNumber.optional(),
  limit: wholeNumber.optional(),
  start: z.string().optional(),
  end: z.string().optional(),
  fields: threatStackFieldsSchema,
  organization: z.string().optional(),
})
/** Parameters of lists of version 1 that come by page. */
export type ThreatStackPageQuery = z.output<typeof threatStackPageQuerySchema>

/** Parameters of what comes at once in version 1. */
export const threatStackWholeQuerySchema = threatStackPageQuerySchema.pick({
  fields: true,
  organization: true,
})

/** A stretch of time and the page of a list, in version 2. */
export const threatStackTokenQuerySchema = z.object({
  from: z.string().optional(),
  until: z.string().optional(),
  token: z.string().optional(),
})
