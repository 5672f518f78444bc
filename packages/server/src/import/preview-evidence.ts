import { previewEvidence as previewInput } from '@timeskein/ingest'
import type { ApiImportPreview } from '@timeskein/model'
import { DomainError, invalid, isDomainError } from '../errors/domain-error.ts'
import type { ImportInput, ImportReading } from './import-service.ts'
import { describeRefusal, toReadOptions } from './read-input.ts'

/** How to look at an input. */
export interface PreviewOptions extends ImportReading {
  /** Rows shown of each file. @default 10 */
  readonly rowLimit?: number
  readonly signal?: AbortSignal
}

/** Rejects that a preview shows at most of each file. */
const MAX_REJECTS = 20

/**
 * Reads the beginning of an input, of an archive each of its entries, says how it would be imported, and stores nothing.
 *
 * @throws {DomainError} `invalid` (`unreadable-input`, or ingest's own code) with a sentence that says what was expected and found.
 */
export async function previewEvidence(
  input: ImportInput,
  options: PreviewOptions = {},
): Promise<ApiImportPreview> {
  const { files, refused } = await previewInput(
    input,
    toReadOptions(options, options.signal),
    options.rowLimit,
  ).catch((error: unknown) => {
    throw options.signal?.aborted ? error : toRefusal(error)
  })
  if (files.length === 0) {
    const refusals = refused.map(describeRefusal).map(({ path, reason }) => `${path}: ${reason}`)
    throw invalid('unreadable-input', `Nothing in this input can be read. ${refusals.slice(0, 5).join('; ')}`)
  }
  return {
    files: files.map(({ path, format, reasons, mapping, rows, rejects }) => ({
      path,
      format,
      reason: reasons.join('; '),
      timeFields: mapping.times.map((time) => time.fields.join(' + ')),
      ...(mapping.messageField === undefined ? {} : { messageField: mapping.messageField }),
      constants: { ...mapping.profile.constants, ...options.constants },
      rows: rows.map(({ line, datetime, message, timestampDesc, source }) => ({
        line,
        datetime,
        ...(message === undefined ? {} : { message }),
        ...(timestampDesc === undefined ? {} : { timestampDesc }),
        source,
      })),
      rejects: rejects.slice(0, MAX_REJECTS).map(({ line, reason, detail }) => ({ line, reason, detail })),
    })),
    refused: refused.map(describeRefusal),
  }
}

// Ingest's errors about an input carry a code and a message for the caller.
function toRefusal(error: unknown): unknown {
  if (isDomainError(error) || !(error instanceof Error) || !('code' in error)) return error
  if (error.name === 'Error' || !error.name.endsWith('Error')) return error
  return new DomainError('invalid', String(error.code), error.message, { cause: error })
}
