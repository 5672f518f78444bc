import { z } from 'zod'
import { flagWordSchema } from './flag-word.ts'

/** What is wrong with a rule, and where; `line` and `column` count from 1. `reason` has no end mark. */
export const ruleProblemSchema = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  /** Title of the rule, where it is known. */
  rule: z.string().optional(),
  code: z.string(),
  reason: z.string(),
})

/** One entry of `failed`, `unsupported` or `warnings`. */
export type ApiRuleProblem = z.infer<typeof ruleProblemSchema>

/** A Sigma rule, correlation, filter or processing pipeline of the library. Times are ISO 8601. */
export const ruleSchema = z.object({
  /** The rule's own id; made of its title and log source where it has none, of pipelines of their name. */
  id: z.string(),
  kind: z.enum(['rule', 'correlation', 'filter', 'pipeline']),
  title: z.string(),
  description: z.string(),
  status: z.string().optional(),
  level: z.string().optional(),
  author: z.string(),
  logSource: z.object({
    product: z.string().optional(),
    category: z.string().optional(),
    service: z.string().optional(),
  }),
  tags: z.array(z.string()),
  isEnabled: z.boolean(),
  /** From 1; each change of the text is a version. */
  version: z.int(),
  /** `starter`: shipped with the program; `added`. */
  origin: z.string(),
  file: z.string(),
  /** Name of who added it; left out for the starter set. */
  owner: z.string().optional(),
  /** Why it cannot be run; left out where it can. */
  problem: ruleProblemSchema.optional(),
  updatedAt: z.string(),
})

/** A line of `skein rules list --json`. */
export type ApiRule = z.infer<typeof ruleSchema>

/** A rule with its YAML and the versions before. */
export const ruleDetailSchema = ruleSchema.extend({
  text: z.string(),
  versions: z.array(
    z.object({ version: z.int(), at: z.string(), user: z.string().optional(), text: z.string() }),
  ),
})

/** The answer of `GET /rules/{id}`. */
export type ApiRuleDetail = z.infer<typeof ruleDetailSchema>

/** Which rules: the query string of `GET /rules`. */
export const ruleListParametersSchema = z.strictObject({
  enabled: flagWordSchema.optional(),
  level: z.enum(['informational', 'low', 'medium', 'high', 'critical']).optional(),
  kind: z.enum(['rule', 'correlation', 'filter', 'pipeline']).optional(),
  /** Part of title, id, file or a tag, in any case. */
  text: z.string().optional(),
  /** The `next` of a page: begins behind it. */
  after: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
})

/** A page of rules in the order they came; `next` goes back as `after`, and is left out at the end. */
export const rulesAnswerSchema = z.object({ rules: z.array(ruleSchema), next: z.int().optional() })

/** What became of rules that were to be added. */
export const ruleAdditionsSchema = z.object({
  files: z.int(),
  /** Rules found, those that failed and pipelines included. */
  rules: z.int(),
  /** Of those, processing pipelines. */
  pipelines: z.int(),
  added: z.int(),
  /** Were there with another text: a new version. */
  updated: z.int(),
  /** Had been removed, and are there again. */
  restored: z.int(),
  unchanged: z.int(),
  /** Of those that were there, rules that are disabled and stay so: detection does not run them. */
  disabled: z.int(),
  /** Not taken. */
  failed: z.array(ruleProblemSchema),
  /** Taken, but cannot be run. */
  unsupported: z.array(ruleProblemSchema),
})

/** What `skein rules add --json` prints. */
export type ApiRuleAdditions = z.infer<typeof ruleAdditionsSchema>

/** A file of rules: one line of the body of `POST /rules`. */
export const ruleFileSchema = z.strictObject({ file: z.string(), text: z.string() })

/** The body of `PATCH /rules/{id}`. */
export const ruleChangeSchema = z.strictObject({ enabled: z.boolean() })

/** A named set of rules. */
export const policySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  owner: z.string().optional(),
  rules: z.array(z.string()),
  updatedAt: z.string(),
})

/** A policy as our API sends it. */
export type ApiPolicy = z.infer<typeof policySchema>

/** The body of `POST /policies`. */
export const newPolicySchema = z.strictObject({
  name: z.string().min(1).max(255),
  description: z.string().optional(),
  /** Ids of its rules. */
  rules: z.array(z.string()).optional(),
})

/** What a policy is made of, as callers write it. */
export type ApiNewPolicy = z.input<typeof newPolicySchema>

/** The body of `PATCH /policies/{id}`: what is left out stays as it is. */
export const policyChangeSchema = newPolicySchema.partial()

/** A change of a policy, as callers write it. */
export type ApiPolicyChange = z.input<typeof policyChangeSchema>
