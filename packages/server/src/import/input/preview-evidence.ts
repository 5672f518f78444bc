import type { Mapping } from '@timeskein/ingest'
import type { ApiImportPreview } from '@timeskein/model'
import { DomainError, invalid, isDomainError } from '../../errors/domain-error.ts'
import type { ImportInput, ImportReading } from '../import-service.ts'

/** How to look at an input. */
export interface PreviewOptions extends ImportReading {
  /** Rows shown of each file. @default 10 */
  readonly rowLimit?: number
  readonly signal?: AbortSignal
  /** Most bytes of a stream that are read for it, kept on disk among them. @default no limit but those of reading */
  readonly maxBytes?: number
  /** Folder for a stream that has to be read from its end, until it is read. @default the system's for temporary files */
  readonly spoolDirectory?: string
}

/** Most bytes that the server reads of a body to preview it: what has to be read from its end may not be longer. */
export const MAX_PREVIEW_BYTES: number = 64 * 1024 * 1024

/** Rejects that a preview shows at most of each file. */
const MAX_REJECTS = 20

/**
 * Reads the beginning of an input, of an archive each of its entries, says how it would be imported, and stores nothing.
 *
 * @throws {DomainError} `invalid` (`unreadable-input`, or ingest's own code) with a sentence that says what was expected and found;
 *   `too-large` (`preview-too-large`) beyond `maxBytes`.
 */
export async function previewEvidence(
  input: ImportInput,
  options: PreviewOptions = {},
): Promise<ApiImportPreview> {
  // Loaded when it is needed, as for an import: a server starts sooner without it.
  const { previewEvidence: previewInput } = await import('@timeskein/ingest')
  const { describeRefusal, toReadOptions } = await import('./read-input.ts')
  const { files, refused } = await previewInput(
    limitBytes(input, options.maxBytes),
    {
      ...toReadOptions(options, options.signal),
      ...(options.spoolDirectory === undefined ? {} : { spoolDirectory: options.spoolDirectory }),
    },
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
      timeFields: (options.allTimes ? mapping.allTimes : mapping.times)
        .filter(({ tentative }) => tentative === undefined)
        .map((time) => time.fields.join(' + ')),
      ...describeMessage(mapping),
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

function describeMessage({ messageField, joined }: Mapping): { messageField?: string } {
  const fields = joined?.find(({ target }) => target === 'message')?.fields
  const field = fields?.join(' + ') ?? messageField
  return field === undefined ? {} : { messageField: field }
}

function limitBytes(input: ImportInput, maxBytes: number | undefined): ImportInput {
  if (maxBytes === undefined || 'path' in input) return input
  return { ...input, stream: readUpTo(input.stream, input.name, maxBytes) }
}

async function* readUpTo(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0
  for await (const part of stream) {
    sizeBytes += part.length
    if (sizeBytes > maxBytes) {
      throw new DomainError(
        'too-large',
        'preview-too-large',
        `Cannot preview ${name}: expected to know it by its first ${maxBytes} bytes (MAX_PREVIEW_BYTES), found that more has to be read, as of a zip archive that is larger. Unpack it first, or import it.`,
        { details: { maxBytes } },
      )
    }
    yield part
  }
}

// Ingest's errors about an input carry a code and a message for the caller.
function toRefusal(error: unknown): unknown {
  if (isDomainError(error) || !(error instanceof Error) || !('code' in error)) return error
  if (error.name === 'Error' || !error.name.endsWith('Error')) return error
  return new DomainError('invalid', String(error.code), error.message, { cause: error })
}
