import { z } from 'zod'

/** Platforms that can be pulled from. */
export const CONNECTOR_PLATFORMS = ['elements', 'threatstack', 'sekoia'] as const

/** Items of pulls by what became of them; `rejected` ones were put aside, as often as they came. */
const pullCountsSchema = z.object({
  read: z.int(),
  new: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
})

/** Stream of a platform -> the time up to which it was read, ISO 8601. */
const pullCursorSchema = z.record(z.string(), z.string())

/** A platform that is pulled from into a sketch. Times are ISO 8601. */
export const connectorSchema = z.object({
  name: z.string(),
  platform: z.enum(CONNECTOR_PLATFORMS),
  url: z.string(),
  sketchId: z.int(),
  timelineId: z.int().optional(),
  /** In whose name it pulls. */
  user: z.string(),
  clientId: z.string().optional(),
  organisationId: z.string().optional(),
  /** `new`: not pulled yet; `backing-off`: it failed and is tried again. */
  state: z.enum(['new', 'ok', 'backing-off']),
  /** What went wrong, a sentence. */
  problem: z.string().optional(),
  /** Since when it is in this state. */
  since: z.string(),
  lastPull: z.string().optional(),
  /** When a server pulls it next. */
  nextPull: z.string(),
  /** Failures one after another. */
  failures: z.int(),
  /** The pull that runs now: when it began, and how many items it has read. */
  pulling: z.object({ since: z.string(), read: z.int() }).optional(),
  cursor: pullCursorSchema,
  counts: pullCountsSchema,
  /** Items that are put aside now. */
  aside: z.int(),
  createdAt: z.string(),
})

/** A connector as our API sends it and `skein connect … --json` prints it; never with its secret. */
export type ApiConnector = z.infer<typeof connectorSchema>

/** The body of `POST /connectors`. */
export const newConnectorSchema = z.strictObject({
  name: z.string().min(1).max(64),
  platform: z.enum(CONNECTOR_PLATFORMS),
  /** @default the vendor's own address */
  url: z.string().min(1).max(2048).optional(),
  sketchId: z.int(),
  /** Client id of Elements, user id of Threat Stack. */
  clientId: z.string().min(1).max(200).optional(),
  organisationId: z.string().min(1).max(200).optional(),
  secret: z.string().min(1).max(4096),
  /** Private networks may be called; administrators only. */
  allowPrivate: z.boolean().default(false),
})
/** What makes a connector. */
export type ApiNewConnector = z.input<typeof newConnectorSchema>

/** The answer to `POST /connectors`: `verdict` is what the platform said to the credentials. */
export const addedConnectorSchema = z.object({ connector: connectorSchema, verdict: z.string() })
/** A connector that was made. */
export type ApiAddedConnector = z.infer<typeof addedConnectorSchema>

/** The body of `PUT /connectors/{name}/secret`; `clientId` where that is another one, too. */
export const connectorSecretSchema = z.strictObject({
  secret: z.string().min(1).max(4096),
  clientId: z.string().min(1).max(200).optional(),
})
/** Credentials in place of earlier ones. */
export type ApiConnectorSecret = z.input<typeof connectorSecretSchema>

/** The answer to `GET /connectors/{name}/rejects`: items that were put aside, the latest first, at most 1,000 of all. */
export const connectorRejectsSchema = z.object({
  total: z.int(),
  rejects: z.array(
    z.object({
      /** Sort of item. */
      kind: z.string(),
      id: z.string().optional(),
      /** A sentence. */
      reason: z.string(),
      /** When it came last. */
      at: z.string(),
      /** As the platform gave it, in JSON. */
      item: z.string(),
    }),
  ),
})
/** Items that were put aside. */
export type ApiConnectorRejects = z.infer<typeof connectorRejectsSchema>

/** The answer to `GET /connectors`. */
export const connectorsAnswerSchema = z.object({ connectors: z.array(connectorSchema) })
/** The answer to `POST /connectors/{name}/test`. */
export const connectorVerdictSchema = z.object({ verdict: z.string() })

/** The body of `POST /connectors/{name}/pull`. `since`: where streams begin that were not read yet, or were begun later; a date, or as `now-30d`. */
export const pullRequestSchema = z.strictObject({ since: z.string().max(100).optional() })

/** What a pull did. */
export const pullReportSchema = pullCountsSchema.extend({ cursor: pullCursorSchema })
/** A pull as our API sends it and `skein pull --json` prints it, under its connector's name. */
export type ApiPullReport = z.infer<typeof pullReportSchema>
