import type { ExactJson } from '../../transport/exact-json.ts'
import { readOwner } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import {
  readId,
  readJsonText,
  readNumber,
  readOptionalText,
  readRecord,
  readText,
  type WireRecord,
} from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'

/** One analyzer, run with one set of parameters over one timeline. */
export interface Analysis {
  readonly id: number
  readonly sessionId: number
  readonly analyzerName: string
  readonly parameters: ExactJson | undefined
  /** PENDING, STARTED, DONE, ERROR. */
  readonly status: string
  /** What it says it has found; newer analyzers say it in JSON (`resultDetails`). */
  readonly result: string | undefined
  /** `result` where it is JSON. */
  readonly resultDetails: ExactJson | undefined
  readonly log: string | undefined
  /** 0 where the timeline is gone. */
  readonly timelineId: number
  readonly timelineName: string
  readonly owner: string
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

export function toAnalysis(record: WireRecord): Analysis {
  const timeline = readRecord(record, 'timeline')
  return {
    id: readId(record),
    sessionId: readNumber(record, 'analysissession_id'),
    analyzerName: readText(record, 'analyzer_name'),
    parameters: readJsonText(record, 'parameters'),
    status: readStatus(record),
    result: readOptionalText(record, 'result'),
    resultDetails: readJsonText(record, 'result'),
    log: readOptionalText(record, 'log'),
    timelineId: readNumber(timeline, 'id'),
    timelineName: readText(timeline, 'name'),
    owner: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}
