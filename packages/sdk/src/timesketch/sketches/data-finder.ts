import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readFlat } from '../wire/envelope.ts'

/** Whether there are events of a kind. */
export interface DataFinding {
  readonly rule: string
  readonly isFound: boolean
  readonly message: string
}

/** Asks whether timelines have events of the kinds that rules of the server name. */
export async function findData(
  connection: Connection,
  sketchId: number,
  question: {
    /** ISO 8601. */
    readonly start: string
    readonly end: string
    readonly rules: readonly string[]
    readonly timelineIds: readonly number[]
    readonly parameters?: Readonly<Record<string, unknown>> | undefined
  },
  options?: CallOptions,
): Promise<readonly DataFinding[]> {
  const body = {
    start_date: question.start,
    end_date: question.end,
    rule_names: question.rules,
    timeline_ids: question.timelineIds,
    parameters: question.parameters ?? {},
  }
  const answer = await connection.ask(path`/sketches/${sketchId}/data/find/`, body, options)
  return readFlat(answer).flatMap((finding) =>
    Object.entries(finding).map(([rule, result]) => {
      const [isFound, message] = Array.isArray(result) ? result : []
      return { rule, isFound: isFound === true, message: typeof message === 'string' ? message : '' }
    }),
  )
}
