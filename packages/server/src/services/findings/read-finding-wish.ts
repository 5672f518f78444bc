import type { ApiFindingDecision } from '@timeskein/model'
import type { AlertFilter } from '../alerts/alert-service.ts'
import type { FindingDecision, FindingPageOptions, FindingStatus } from './finding.ts'

/** A list of alerts or incidents as our own API and the command line ask for it. */
export interface FindingWish {
  readonly sketch?: number | undefined
  readonly status?: readonly FindingStatus[] | undefined
  readonly severity?: number | undefined
  readonly host?: string | undefined
  readonly assignee?: string | undefined
  readonly text?: string | undefined
  readonly rule?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

/** The filter and the page that somebody asks for. */
export function readFindingWish(wish: FindingWish): {
  readonly filter: AlertFilter
  readonly page: FindingPageOptions
} {
  const { sketch, status, severity, host, assignee, text, rule, after, limit } = wish
  return {
    filter: {
      ...(sketch === undefined ? {} : { sketchId: sketch }),
      ...(status === undefined ? {} : { statuses: status }),
      ...(severity === undefined ? {} : { minSeverity: severity }),
      ...(host === undefined ? {} : { host }),
      ...(assignee === undefined ? {} : { assignee }),
      ...(text === undefined ? {} : { text }),
      ...(rule === undefined ? {} : { ruleUuid: rule }),
    },
    page: {
      ...(after === undefined ? {} : { after }),
      ...(limit === undefined ? {} : { limit }),
    },
  }
}

/** A decision without what it leaves out. */
export function readDecision(decision: ApiFindingDecision): FindingDecision {
  const { status, resolution, reason, assignee, severity, title } = decision
  return {
    ...(status === undefined ? {} : { status }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(reason === undefined ? {} : { reason }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(severity === undefined ? {} : { severity }),
    ...(title === undefined ? {} : { title }),
  }
}
