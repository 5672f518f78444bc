import { z } from 'zod'

/** A phase of an attack. */
export const sekoiaKillChainSchema = z.object({
  /** From 1, in the order of an attack. */
  order_id: z.int(),
  uuid: z.string(),
  /** `KC` and ten letters or digits. */
  short_id: z.string(),
  name: z.string(),
  description: z.string(),
  /** As STIX writes the phase's name. */
  stix_name: z.string(),
})
/** A phase of an attack. */
export type SekoiaKillChain = z.infer<typeof sekoiaKillChainSchema>
