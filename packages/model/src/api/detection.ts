import { z } from 'zod'
import { ruleFileSchema, ruleProblemSchema } from './rule.ts'

const ruleNameSchema = z.object({
  /** The rule's own id, or one made of its title and log source. */
  id: z.string(),
  title: z.string(),
  /** Null for a rule that says none. */
  level: z.string().nullable(),
})
const countsSchema = { rules: z.int(), able: z.int(), matched: z.int(), hits: z.int() }

/** The account of one run of detection: every rule is in exactly one of `matched`, `unmatchedRules`, `unsupported`. */
export const detectionReportSchema = z.object({
  /** Names the run; left out for one that was not kept. */
  run: z.string().optional(),
  sketchId: z.int(),
  /** ISO 8601. */
  at: z.string(),
  /** `run`: over all events asked for; `live`: over those that came since; `dry-run`: nothing was stored. */
  mode: z.enum(['run', 'live', 'dry-run']),
  /** Events looked at. */
  events: z.int(),
  /** Rules and correlations that were to be run. */
  rules: z.int(),
  /** From the start until all was stored. */
  seconds: z.number(),
  /** Of all rules together that are reported. */
  hits: z.int(),
  /** Different events of those hits. */
  hitEvents: z.int(),
  matched: z.array(
    ruleNameSchema.extend({
      kind: z.string(),
      hits: z.int(),
      seconds: z.number(),
      first: z.string(),
      last: z.string(),
      hosts: z.array(z.object({ host: z.string(), hits: z.int() })),
      hostCount: z.int(),
      tags: z.array(z.string()),
      /** It found every event there is. */
      matchesEverything: z.boolean(),
      /** False: only a correlation reports it. Its hits are told here, and are no part of `hits`, tags and alerts. */
      isReported: z.boolean(),
    }),
  ),
  /** Reason -> rules. */
  unmatched: z.record(z.string(), z.int()),
  unmatchedRules: z.array(ruleNameSchema.extend({ reason: z.string(), detail: z.string() })),
  unsupported: z.array(ruleProblemSchema),
  warnings: z.array(ruleProblemSchema),
  slow: z.array(ruleNameSchema.extend({ seconds: z.number(), timesMean: z.number(), why: z.string() })),
  logSources: z.array(
    z.object({
      category: z.string().optional(),
      product: z.string().optional(),
      service: z.string().optional(),
      ...countsSchema,
      isPresent: z.boolean(),
    }),
  ),
  techniques: z.array(z.object({ technique: z.string(), ...countsSchema })),
  steps: z.array(z.object({ name: z.string(), seconds: z.number() })),
  alerts: z.object({
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    suppressed: z.int(),
  }),
  incidents: z.object({ created: z.int(), updated: z.int(), reopened: z.int() }),
})

/** What `skein detect --json` prints. */
export type ApiDetectionReport = z.infer<typeof detectionReportSchema>

/** The body of `POST /sketches/{id}/detect`. */
export const detectRequestSchema = z.strictObject({
  /** Names or ids; left out: all of the sketch. */
  timelines: z.array(z.union([z.int(), z.string()])).optional(),
  /** Instead of those of the library. */
  rules: z.array(ruleFileSchema).optional(),
  /** Id of a policy: only its rules. */
  policy: z.string().optional(),
  /** Processing pipelines for this run, beside those of the library; for administrators. */
  pipelines: z.array(ruleFileSchema).optional(),
  /** Only reports. */
  dryRun: z.boolean().default(false),
})

/** A run as a client asks for it. */
export type ApiDetectRequest = z.input<typeof detectRequestSchema>

/** Runs of a sketch, newest first, by what was found. */
export const detectionRunsAnswerSchema = z.object({
  runs: z.array(
    z.object({
      run: z.string(),
      at: z.string(),
      mode: z.string(),
      user: z.string().optional(),
      events: z.int(),
      rules: z.int(),
      hits: z.int(),
      seconds: z.number(),
    }),
  ),
})

/** Whether events of a sketch are looked at as they come. */
export const detectionSettingsSchema = z.strictObject({ live: z.boolean() })
