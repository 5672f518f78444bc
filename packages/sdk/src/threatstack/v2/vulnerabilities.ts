import type { ThreatStackVulnerability } from '@timeskein/model/threatstack'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../call-options.ts'
import type { Connection } from '../connection.ts'
import { listByToken } from './list.ts'

/** Weaknesses that are on hosts. */
export class Vulnerabilities {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list(
    filter: CallOptions & {
      readonly active?: boolean | undefined
      readonly hasSecurityNotices?: boolean | undefined
      readonly agentId?: string | undefined
    } = {},
  ): Listing<ThreatStackVulnerability> {
    return listByToken(this.#connection, '/vulnerabilities', 'cves', { ...filter })
  }

  /** Undefined where it is on no host. */
  get(cve: string, options: CallOptions = {}): Promise<ThreatStackVulnerability | undefined> {
    return this.#connection.find({ method: 'GET', path: path`/vulnerabilities/${cve}` }, options)
  }

  /** The hosts that have it. */
  servers(
    cve: string,
    options: CallOptions = {},
  ): Listing<{ readonly agentId: string; readonly hostname: string }> {
    return listByToken(this.#connection, path`/vulnerabilities/${cve}/servers`, 'servers', { ...options })
  }

  /** Those of a package. */
  ofPackage(name: string, options: CallOptions = {}): Listing<ThreatStackVulnerability> {
    return listByToken(this.#connection, path`/vulnerabilities/package/${name}`, 'packages', { ...options })
  }

  /** Those that are not to be told. */
  suppressions(
    filter: CallOptions & { readonly active?: boolean | undefined } = {},
  ): Listing<Readonly<Record<string, unknown>>> {
    return listByToken(this.#connection, '/vulnerabilities/suppressions', 'suppressions', { ...filter })
  }
}
