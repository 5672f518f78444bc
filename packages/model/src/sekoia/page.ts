import { z } from 'zod'

/** A page of a list of Sekoia.io's API. */
export function sekoiaPageSchema<Of extends z.ZodType>(item: Of): z.ZodObject<SekoiaPageShape<Of>> {
  return z.object({ items: z.array(item), total: z.int(), has_more: z.boolean().optional() })
}

/** What a page has. `total` counts all that answer. */
export interface SekoiaPageShape<Of extends z.ZodType> extends z.ZodRawShape {
  items: z.ZodArray<Of>
  total: z.ZodInt
  /** Only some lists say it. */
  has_more: z.ZodOptional<z.ZodBoolean>
}

/** A thing by its id and name. */
export const sekoiaReferenceSchema = z.object({ uuid: z.string(), name: z.string() })

/** What kind of principal did something. */
export const SEKOIA_AUTHOR_TYPES = ['avatar', 'user', 'apikey', 'application'] as const
/** What kind of principal did something. */
export const sekoiaAuthorTypeSchema = z.enum(SEKOIA_AUTHOR_TYPES)

/** Who made and who changed it; times are ISO 8601. */
export const sekoiaAuthorshipSchema = z.object({
  created_at: z.string(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  updated_at: z.string().nullable(),
  updated_by: z.string().nullable(),
  updated_by_type: sekoiaAuthorTypeSchema.nullable(),
})

/** How a call is refused. */
export const sekoiaRefusalSchema = z.object({
  message: z.string(),
  /** `T300` to `T302` for tokens, `AU202` for missing permissions. */
  code: z.string(),
})
