import type { RejectReason } from '@timeskein/model'
import type { ImportReport } from './backend.ts'

/** What an import in process and one over HTTP alike tell of their end. */
export interface ImportEnd {
  readonly status: string
  readonly error?: string | undefined
  readonly problems?: readonly string[] | undefined
  readonly refused?: ImportReport['refused'] | undefined
  readonly errorCode?: string | undefined
}

/** Reasons of rows that are gone for good: what is damaged or cut off cannot be mended and imported again. */
export const LOSSES: ReadonlySet<string> = new Set<RejectReason>([
  'truncated',
  'bad-record',
  'bad-chunk',
  'missing-template',
  'over-limit',
  'reader-failed',
])

/** Whether something of the input is lost: a file of an archive that could not be read, or damage inside of one that was. */
export function hasLoss({ files, refused = [] }: Pick<ImportReport, 'files' | 'refused'>): boolean {
  return (
    refused.some(({ refusal }) => refusal === 'unreadable') ||
    files.some(({ reasons }) => Object.keys(reasons).some((reason) => LOSSES.has(reason)))
  )
}

/** Whether text of rows that are stored is lost, since it could not be decoded. */
export function hasUndecoded({ files }: Pick<ImportReport, 'files'>): boolean {
  return files.some(({ undecoded = 0 }) => undecoded > 0)
}

/** Rejected rows that are in no file of whoever imports: nobody hears of them who does not look at the account. */
export function countUnsavedRejects({ files }: Pick<ImportReport, 'files'>): number {
  const unsaved = files.filter((file) => file.rejects_file === undefined)
  return unsaved.reduce((sum, { rejected }) => sum + rejected, 0)
}

/** What to report beside the accounts of files; nothing where there is nothing to say. */
export function describeOutcome(
  jobs: readonly ImportEnd[],
): Pick<ImportReport, 'problems' | 'refused' | 'error_code'> {
  const problems = jobs
    .filter((job) => job.status !== 'done')
    .flatMap((job) =>
      job.problems?.length ? job.problems : [job.error ?? `the import ended as ${job.status}`],
    )
  const refused = jobs.flatMap((job) => job.refused ?? [])
  const errorCode = jobs.find((job) => job.errorCode !== undefined)?.errorCode
  return {
    ...(refused.length > 0 ? { refused } : {}),
    ...(problems.length > 0 ? { problems } : {}),
    ...(errorCode === undefined ? {} : { error_code: errorCode }),
  }
}
