export { MAX_BATCH_BYTES, MAX_BATCH_ROWS, MAX_DEPTH, MAX_ROW_BYTES } from './batch/limits.ts'
export type { TimeNoteKind, TimeNotes } from './batch/time-notes.ts'
export {
  ArchiveLimitError,
  MAX_ARCHIVE_ENTRIES,
  MAX_CONTAINER_DEPTH,
  MAX_UNPACKED_BYTES,
  MAX_UNPACKING_RATIO,
} from './containers/archive-limits.ts'
export type { Refusal, RefusedEntry } from './containers/container-entry.ts'
export { measureFolder } from './containers/folder-entries.ts'
export { type EvidenceInput, InputError } from './containers/open-input.ts'
export { openPipe } from './containers/open-pipe.ts'
export { packFolder } from './containers/pack-folder.ts'
export { readZipTexts, type ZipText } from './containers/read-zip-texts.ts'
export type { CsvDialect } from './csv/csv-dialect.ts'
export { listFormats, type ReadableFormat } from './detect/list-formats.ts'
export { isUnknownFormatError, UnknownFormatError } from './detect/unknown-format-error.ts'
export { type TextEncoding, UnknownEncodingError } from './encoding/detect-encoding.ts'
export {
  type EvidencePreview,
  type FilePreview,
  type PreviewRow,
  previewEvidence,
} from './pipeline/preview-evidence.ts'
export { readEvidence } from './pipeline/read-evidence.ts'
export type {
  ReadAccount,
  ReadItem,
  RefusedItem,
  StretchExecutor,
  StretchOutcome,
} from './pipeline/read-item.ts'
export type { ReadOptions, ReadProgress } from './pipeline/read-options.ts'
export {
  type RowFormat,
  type StretchJob,
  type StretchResult,
  StretchRunner,
  type StretchSettings,
} from './pipeline/stretch.ts'
export type { StretchBuffers } from './pipeline/stretch-buffers.ts'
export { MappingError } from './pipeline/text-plan.ts'
export { type FormatterDefinition, FormatterError, readDefinitions } from './plaso/message/definition.ts'
export { OWN_FORMATTERS } from './plaso/message/own/own-formatters.ts'
export type { JoinedField } from './schemas/joined-field.ts'
export type { Mapping, MappingOptions, TimeSource } from './schemas/mapping.ts'
export { type ParsedTime, readTime, type TimeResult } from './time/read-time.ts'
export type { TimeFormat, TimeOptions } from './time/time-format.ts'
export { UnknownZoneError } from './time/time-reader.ts'
