import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What is where in a data directory. */
export interface DataPaths {
  readonly database: string
  /** Copies of the database made before migrations. */
  readonly backups: string
  readonly indexes: string
  /** The key under which secrets are kept that must be read again. */
  readonly secretKey: string
  /** Files that came over the network, until they are imported. */
  readonly uploads: string
  /** Rejected rows: `<import id>.raw` and `<import id>.raw.reasons.jsonl`. */
  readonly rejects: string
  /** YAML files by which whoever runs the server says what it knows (docs/configuration.md). */
  readonly config: string
  /** What can be made again at any time. */
  readonly cache: string
}

/** The places under a data directory. */
export function listDataPaths(dataDirectory: string): DataPaths {
  return {
    database: join(dataDirectory, 'metadata.sqlite'),
    backups: join(dataDirectory, 'backups'),
    indexes: join(dataDirectory, 'indexes'),
    secretKey: join(dataDirectory, 'secret.key'),
    uploads: join(dataDirectory, 'uploads'),
    rejects: join(dataDirectory, 'rejects'),
    config: join(dataDirectory, 'config'),
    cache: join(dataDirectory, 'cache'),
  }
}

/** Whether something is kept in a directory already; where nothing is, opening it makes everything, a first user too. */
export function isDataDirectory(path: string): boolean {
  return existsSync(listDataPaths(path).database)
}
