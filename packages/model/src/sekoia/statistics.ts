import { z } from 'zod'
import { sekoiaEventFilterSchema } from './search-job.ts'

/** A question for numbers over time, sent to the socket of statistics. */
export const sekoiaStatisticsRequestSchema = z.object({
  aggregation: z.enum(['count', 'avg', 'cardinality', 'max', 'min', 'sum']),
  /** What is counted; not needed for `count`. */
  field: z.string().nullable().optional(),
  term: z.string().nullable().optional(),
  filters: z.array(sekoiaEventFilterSchema).nullable().optional(),
  /** Earliest and latest time. */
  range: z.tuple([z.union([z.string(), z.number()]), z.union([z.string(), z.number()])]),
  minutes_per_bucket: z.number().positive(),
})
/** A question for numbers over time. */
export type SekoiaStatisticsRequest = z.input<typeof sekoiaStatisticsRequestSchema>

/** The numbers, one for each stretch of time. */
export const sekoiaStatisticsSchema = z.object({
  aggregations: z.array(
    z.object({
      datetime: z.string(),
      value: z.number().nullable(),
      anomaly: z.unknown(),
      prediction: z.unknown(),
    }),
  ),
  anomaly_detection_candidate: z.boolean(),
  anomaly_detection_candidate_score_y_acf1: z.number(),
  anomaly_detection_candidate_score_y_acf5: z.number(),
  anomaly_detection_candidate_score_seas_acf1: z.number(),
})
/** The numbers, one for each stretch of time. */
export type SekoiaStatistics = z.infer<typeof sekoiaStatisticsSchema>
