import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'

/** Most values of one list. */
const MAX_VALUES = 100
const TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})$/

/** A parameter that may be left out, or null as some scripts send what they do not set. */
export type Parameter<Value> = z.ZodOptional<z.ZodNullable<z.ZodType<Value>>>

function optional<Value>(schema: z.ZodType<Value>): Parameter<Value> {
  return schema.nullable().optional()
}

/** Text; of several the last one. */
export const textParameter: Parameter<string> = optional(
  z
    .union([z.string(), z.number(), z.array(z.string()).min(1)])
    .transform((value) => String(Array.isArray(value) ? value.at(-1) : value)),
)

/** `true` or `false`, in any case. */
export const booleanParameter: Parameter<boolean> = optional(
  z.union([
    z.boolean(),
    z
      .string()
      .regex(/^(true|false)$/i, 'true or false expected')
      .transform((value) => value.toLowerCase() === 'true'),
  ]),
)

/** Values repeated or separated by commas, in any case. */
export function listParameter<Value extends string>(values: readonly Value[]): Parameter<Value[]> {
  const byLower = new Map(values.map((value) => [value.toLowerCase(), value]))
  return optional(
    textsSchema.transform((texts, context) =>
      texts.flatMap((text) => {
        const value = byLower.get(text.toLowerCase())
        if (value !== undefined) return [value]
        context.addIssue({
          code: 'custom',
          message: `one of ${values.join(', ')} expected, found ${JSON.stringify(text.slice(0, 64))}`,
        })
        return []
      }),
    ),
  )
}

const textsSchema = z.union([z.string(), z.array(z.string())]).transform((value, context) => {
  const texts = [value].flat().flatMap((text) => text.split(',').map((part) => part.trim()))
  const wanted = [...new Set(texts.filter((text) => text !== ''))]
  if (wanted.length > MAX_VALUES)
    context.addIssue({
      code: 'custom',
      message: `at most ${MAX_VALUES} values expected, found ${wanted.length}`,
    })
  return wanted
})

/** Texts repeated or separated by commas. */
export const textsParameter: Parameter<string[]> = optional(textsSchema)

/** Names repeated or separated by commas; one may have commas in it, so each text is a value as a whole, too. */
export const namesParameter: Parameter<string[]> = optional(
  z.union([z.string(), z.array(z.string())]).transform((value, context) => {
    const whole = [value].flat().map((text) => text.trim())
    const parts = textsSchema.safeParse(value)
    for (const { message } of parts.error?.issues ?? []) context.addIssue({ code: 'custom', message })
    return [...new Set([...(parts.data ?? []), ...whole.filter((text) => text.includes(','))])]
  }),
)

/** Items of a page. @param clamps - Larger values are taken for `max`. */
export function limitParameter(max: number, clamps = false): Parameter<number> {
  const expected = `a whole number from 1 to ${max} expected`
  return optional(
    z
      .union([z.number(), z.string().regex(/^\d{1,9}$/, expected)])
      .transform(Number)
      .pipe(
        clamps
          ? z
              .int()
              .min(1, expected)
              .transform((value) => Math.min(value, max))
          : z.int(expected).min(1, expected).max(max, expected),
      ),
  )
}

/** A moment as RFC 3339; the result is microseconds since 1970, exact until the year 2255. */
export const timeParameter: Parameter<number> = optional(
  z.string().transform((text, context) => {
    const match = TIME.exec(text.replaceAll(' ', text.includes('T') ? '+' : ' '))
    const [, day, time, fraction = '', zone] = match ?? []
    // Date.parse takes the 30th of February for the 1st of March.
    const ms = match && isDay(day!) ? Date.parse(`${day}T${time}${zone}`) : Number.NaN
    if (!Number.isNaN(ms)) return ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
    context.addIssue({
      code: 'custom',
      message: `a time as in RFC 3339 expected, such as 2024-05-06T11:41:46.716Z; found ${JSON.stringify(text.slice(0, 64))}`,
    })
    return z.NEVER
  }),
)

function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}

/** @default 'desc' */
export const orderParameter: Parameter<'asc' | 'desc'> = optional(z.enum(['asc', 'desc']))

/** A moment of ours as Elements writes it, always with milliseconds. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString()
}

/**
 * A stretch of whole milliseconds, both ends of which belong to it, that is all of a stretch in microseconds.
 *
 * @throws {DomainError} `invalid` (`range-ends-first`).
 */
export function toMsRange(range: {
  readonly startUs: number | null | undefined
  readonly endUs?: number | null | undefined
  readonly isStartExclusive?: boolean | null | undefined
}): { readonly fromMs?: number; readonly toMs?: number } {
  const { startUs, endUs, isStartExclusive } = range
  if (typeof startUs === 'number' && typeof endUs === 'number' && endUs < startUs)
    throw invalid(
      'range-ends-first',
      `A stretch of time was expected to end after its start; found ${toTimestamp(startUs / 1000)} to ${toTimestamp(endUs / 1000)}.`,
    )
  return {
    ...(startUs === undefined || startUs === null
      ? {}
      : { fromMs: isStartExclusive ? Math.floor(startUs / 1000) + 1 : Math.ceil(startUs / 1000) }),
    ...(endUs === undefined || endUs === null ? {} : { toMs: Math.ceil(endUs / 1000) - 1 }),
  }
}
