import { resolve } from 'node:path'
import type { ImportJob } from '@timeskein/server'
import { CliError } from '../../cli-error.ts'
import { exitCodeOfImport } from '../../failures.ts'
import type { ImportCalls, ImportReport } from '../backend.ts'
import { describeOutcome } from '../import-outcome.ts'
import type { LocalPlace } from './open-local-backend.ts'
import { previewFile } from './preview-file.ts'
import { toReading } from './to-reading.ts'

/** Imports into a data directory: all files of a request are one import. */
export function createImportCalls({ services, principal }: LocalPlace): ImportCalls {
  const { imports } = services
  return {
    async importFiles(request) {
      const started = await imports.start(principal, {
        sketchId: request.sketchId,
        timeline: { name: request.timeline },
        inputs: request.files.map((file) =>
          'path' in file ? { path: resolve(file.path), name: file.path } : { stream: file.stdin, name: '-' },
        ),
        bySource: request.bySource ?? false,
        leavesNoEmptyTimeline: true,
        reading: await toReading(request.reading),
        signal: request.signal,
      })
      for await (const progress of imports.watch(started.job.id))
        request.onProgress({
          file: progress.file,
          bytesDone: progress.bytesDone,
          bytesTotal: progress.bytesTotal,
          rows: progress.rowsStored,
        })
      const job = await started.ended
      return {
        report: toImportReport(job, request.signal.aborted),
        rejects: job.files.map((account, place) => ({
          account,
          read: async (kind) => await imports.readRejects(principal, job.id, kind, place + 1),
        })),
      }
    },
    previewFile,
  }
}

function toImportReport(job: ImportJob, isInterrupted: boolean): ImportReport {
  const isWhole = job.status === 'done'
  const end = isInterrupted && !isWhole ? { ...job, errorCode: 'interrupted' } : job
  if (!isWhole && job.files.length === 0)
    throw new CliError(job.error ?? `the import ended as ${job.status}`, exitCodeOfImport(end.errorCode))
  return {
    files: job.files,
    ...describeOutcome([end]),
    timeline_id: job.timelineId,
    sketch_id: job.sketchId,
    searchable_seconds: job.searchableSeconds ?? 0,
    indexed_seconds: job.indexedSeconds ?? 0,
  }
}
