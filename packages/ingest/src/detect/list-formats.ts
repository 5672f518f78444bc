import type { LogFormat } from '../logs/core/log-format.ts'
import { LINES_FORMAT } from '../logs/lines/lines.ts'
import { LOG_FORMATS } from '../logs/log-formats.ts'
import { KNOWN_SCHEMAS } from '../schemas/known-schemas.ts'
import { BINARY_FORMATS } from './binary-formats.ts'
import { SQLITE_FORMAT, SQLITE_FORMATS } from './sqlite-formats.ts'

/** A kind of input that is read, and how it is told. */
export interface ReadableFormat {
  /** As it stands in an import's account, or its beginning. */
  readonly name: string
  readonly title: string
  readonly recognisedBy: string
}

const TEXTS: readonly ReadableFormat[] = [
  { name: 'csv', title: 'CSV, TSV and other delimited text', recognisedBy: 'rows with one delimiter' },
  { name: 'zeek-tsv', title: 'Zeek logs as TSV', recognisedBy: 'a line #separator' },
  { name: 'jsonl', title: 'JSON lines', recognisedBy: 'an object on each line' },
  {
    name: 'json',
    title: 'JSON documents and arrays',
    recognisedBy: 'objects, an array, or an object around one',
  },
]

const CONTAINERS: readonly ReadableFormat[] = [
  { name: 'gzip', title: 'gzip, of anything above', recognisedBy: 'its first bytes' },
  { name: 'zstd', title: 'zstd, of anything above', recognisedBy: 'its first bytes' },
  { name: 'zip', title: 'zip, each entry on its own', recognisedBy: 'its first bytes' },
  { name: 'tar', title: 'tar, plain or compressed, each entry on its own', recognisedBy: 'its first header' },
  { name: 'folder', title: 'a folder with all below it, each file on its own', recognisedBy: 'being one' },
]

/** Every kind of input that is read, in the order in which people look for it: binary formats, texts, known shapes of texts, containers. */
export function listFormats(): readonly ReadableFormat[] {
  return [
    ...BINARY_FORMATS.filter((format) => format !== SQLITE_FORMAT).map(({ name, title, recognisedBy }) => ({
      name,
      title,
      recognisedBy,
    })),
    ...SQLITE_FORMATS,
    ...LOG_FORMATS.map(describeLog),
    ...TEXTS,
    ...KNOWN_SCHEMAS.map(({ name, title, required }) => ({
      name: `…/${name}`,
      title,
      recognisedBy: `fields ${required.map((one) => (typeof one === 'string' ? one : one[0])).join(', ')}`,
    })),
    describeLog(LINES_FORMAT),
    ...CONTAINERS,
  ]
}

function describeLog({ name, title, recognisedBy }: LogFormat): ReadableFormat {
  return { name: `log/${name}`, title, recognisedBy }
}
