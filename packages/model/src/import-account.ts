import { z } from 'zod'

/** Why a row was not stored. Every reason has a code that scripts can count by. */
export const REJECT_REASONS = [
  'no-time',
  'bad-time',
  'bad-json',
  'not-an-object',
  'bad-csv',
  'wrong-column-count',
  'bad-encoding',
  'row-too-large',
  'truncated',
  'bad-record',
  'bad-chunk',
  'missing-template',
  'over-limit',
  'reader-failed',
] as const

/** One of `REJECT_REASONS`, as it stands in reject files and accounts. */
export type RejectReason = (typeof REJECT_REASONS)[number]

/** One row that was not stored. */
export interface Reject {
  /**
   * Line number, 1-based, in the decoded input (first line of a row that spans several); of binary formats the record's own number,
   * 0 where it is not known.
   */
  readonly line: number
  readonly reason: RejectReason
  /** What was expected and what was found. */
  readonly detail: string
  /**
   * The row as it stood, so that it can be mended and imported again; cut at 1 MiB. Of binary formats a JSON object that says where
   * in the file it stands, with its bytes in base64 where they are one record's.
   */
  readonly raw: string
}

/** The first of a file's rejected rows that were rejected for one reason. */
export interface FirstReject {
  /** As in `Reject`. */
  readonly line: number
  /** What was expected and what was found; cut to `MAX_FIRST_DETAIL_LENGTH`. */
  readonly detail: string
}

/** Characters of a reject's detail that an account keeps; the file of reasons has all of it. */
export const MAX_FIRST_DETAIL_LENGTH = 1000

/** What became of one file. `read = stored + rejected + duplicates`, always. */
export const fileAccountSchema: z.ZodType<FileAccount> = z.object({
  path: z.string(),
  sha256: z.string(),
  archive: z.object({ path: z.string(), sha256: z.string() }).optional(),
  host: z.string().optional(),
  timeline: z.object({ id: z.int(), name: z.string() }).optional(),
  format: z.string(),
  read: z.number().int(),
  stored: z.number().int(),
  rejected: z.number().int(),
  duplicates: z.number().int(),
  seconds: z.number(),
  reasons: z.record(z.string(), z.number().int()),
  first_rejects: z.record(z.string(), z.object({ line: z.number().int(), detail: z.string() })).optional(),
  undecoded: z.int().optional(),
  remarks: z.array(z.string()).optional(),
  rejects_file: z.string().optional(),
})

/** What became of one file of an import: counts of rows, and of rejected rows by reason. */
export interface FileAccount {
  /** The path as given; entries of an archive are `archive.zip!entry/name.csv`; standard input is `-`. */
  path: string
  /** SHA-256, lower-case hex, of the bytes as they stood on disk; of an entry of an archive, of its own bytes, unpacked. */
  sha256: string
  /** The archive that an entry was read from, with the SHA-256 of the archive; left out of other files. */
  archive?: { path: string; sha256: string } | undefined
  /** The host that it was collected from, where what it was found in says so. */
  host?: string | undefined
  /** The timeline that its events are in, where those of one import go to several. */
  timeline?: { id: number; name: string } | undefined
  /** Detected format, e.g. `csv`, `jsonl`, `json`, with the schema where one was recognised: `csv/hayabusa`. */
  format: string
  read: number
  stored: number
  rejected: number
  duplicates: number
  seconds: number
  reasons: Record<string, number>
  /** For each of the reasons the first row that it is told of; left out when nothing was rejected. */
  first_rejects?: Record<string, FirstReject> | undefined
  /**
   * Lines with bytes that are no UTF-8, or characters that are none of the encoding that was told: U+FFFD stands in their place, so
   * that some of the text is lost though its rows are in. Left out when there are none.
   */
  undecoded?: number | undefined
  /** Sentences about what is worth knowing of its rows though they were taken; left out when there is nothing. */
  remarks?: string[] | undefined
  /** Where the command that imported put the rejected rows; left out when it was not asked to, or there were none. */
  rejects_file?: string | undefined
}

/**
 * A file of an archive or a folder that is not in, and why: `not-understood` is of no format that is read, `unreadable` is damaged,
 * locked or hostile, so that something may be lost.
 */
export const refusedFileSchema: z.ZodType<RefusedFile> = z.object({
  path: z.string(),
  reason: z.string(),
  refusal: z.enum(['not-understood', 'unreadable']),
})

/** A file that is not in, and why. */
export interface RefusedFile {
  readonly path: string
  readonly reason: string
  readonly refusal: 'not-understood' | 'unreadable'
}

/** Suffix of the file of reasons beside a file of rejected rows. */
export const REASONS_SUFFIX = '.reasons.jsonl'
