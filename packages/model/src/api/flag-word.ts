import { z } from 'zod'

/** A yes or no in a query string. `1`, `yes`, `on` and their opposites are taken too; documents name the two words to write. */
export const flagWordSchema = z.stringbool().meta({ enum: ['true', 'false'] })
