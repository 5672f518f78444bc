import type { DataSource } from '../../../services/timelines/data-source-service.ts'
import { modelDate } from './dates.ts'
import { nameHeadersMapping } from './mapping-words.ts'
import { marshalStatus } from './status.ts'
import { marshalUser } from './user.ts'

/** Where events of a timeline came from. */
export function marshalDataSource(source: DataSource): Record<string, unknown> {
  return {
    id: source.id,
    user: marshalUser(source.owner),
    provider: source.provider,
    context: source.context,
    file_on_disk: source.fileOnDisk,
    file_size: source.fileSizeBytes,
    original_filename: source.originalFilename,
    data_label: source.dataLabel,
    error_message: nameHeadersMapping(source.errorMessage),
    created_at: modelDate(source.createdAtMs),
    updated_at: modelDate(source.updatedAtMs),
    total_file_events: source.totalFileEvents,
    status: marshalStatus(source),
  }
}
