import { z } from 'zod'

/** A schema of a JSON body of which members that are null count as left out: so some clients send what they do not set. */
export function withoutNulls<Of extends z.ZodType>(
  schema: Of,
): z.ZodPipe<z.ZodTransform<unknown, unknown>, Of> {
  return z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
        : value,
    schema,
  ) as unknown as z.ZodPipe<z.ZodTransform<unknown, unknown>, Of>
}
