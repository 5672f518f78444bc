export { BatchBuilder, type BatchBuilderOptions, type RowTime } from './batch/batch-builder.ts'
export { MAX_BATCH_BYTES, MAX_BATCH_ROWS, MAX_DEPTH, MAX_ROW_BYTES } from './batch/limits.ts'
export {
  ArchiveLimitError,
  MAX_ARCHIVE_ENTRIES,
  MAX_CONTAINER_DEPTH,
  MAX_UNPACKED_BYTES,
  MAX_UNPACKING_RATIO,
} from './containers/archive-limits.ts'
export { type EvidenceInput, InputError } from './containers/open-input.ts'
export { copyCsvCell, decodeCsvCell } from './csv/csv-cell.ts'
export { type CsvDialect, type CsvLayout, RFC_4180 } from './csv/csv-dialect.ts'
export { type CsvLayoutOptions, detectCsvLayout } from './csv/csv-layout.ts'
export { type CsvRows, describeCsvProblem } from './csv/csv-rows.ts'
export { CsvScanner, type CsvScannerOptions } from './csv/csv-scanner.ts'
export { type CsvSplit, findCsvSplit } from './csv/csv-split.ts'
export { isUnknownFormatError, UnknownFormatError } from './detect/unknown-format-error.ts'
export { TEXT_ENCODINGS, type TextEncoding, UnknownEncodingError } from './encoding/detect-encoding.ts'
export { JsonRowParser } from './json/json-row-parser.ts'
export { JsonSyntaxError } from './json/json-syntax-error.ts'
export {
  type EvidencePreview,
  type FilePreview,
  type PreviewRow,
  previewEvidence,
} from './pipeline/preview-evidence.ts'
export {
  type ReadAccount,
  type ReadItem,
  readEvidence,
  type StretchExecutor,
  type StretchOutcome,
} from './pipeline/read-evidence.ts'
export type { ReadOptions, ReadProgress } from './pipeline/read-options.ts'
export {
  type RowFormat,
  runStretch,
  type StretchJob,
  StretchReader,
  type StretchResult,
  StretchRunner,
  type StretchSettings,
} from './pipeline/stretch.ts'
export { MappingError } from './pipeline/text-plan.ts'
export { chooseMapping, type MappingFailure, type MappingResult } from './schemas/choose-mapping.ts'
export { type FlatEvent, flattenEvtxEvent } from './schemas/flatten-evtx.ts'
export { findSchema, KNOWN_SCHEMAS } from './schemas/known-schemas.ts'
export type { FieldSample, Mapping, MappingOptions, TimeSource } from './schemas/mapping.ts'
export type { Schema } from './schemas/schema.ts'
export { detectTimeFormat } from './time/detect-time.ts'
export { type ParsedTime, parseTime, readTime, type TimeResult } from './time/parse-time.ts'
export { TIME_FORMATS, type TimeDetection, type TimeFormat, type TimeOptions } from './time/time-format.ts'
export { TimeReader, UnknownZoneError } from './time/time-reader.ts'
