import type { Buffer } from 'node:buffer'
import { type ClueReader, cleanHostName, folderOf } from './clue.ts'

const CLIENT_INFO = /(?:^|\/)client_info\.json$/i
const CONTEXT = /(?:^|\/)collection_context\.json$/i

/** Velociraptor's collections say in `client_info.json` which client they are of, in `collection_context.json` what was collected. */
export const VELOCIRAPTOR: ClueReader = {
  maxBytes: 1024 * 1024,
  matches: (name) => CLIENT_INFO.test(name) || CONTEXT.test(name),
  read(name, bytes) {
    const info = readFirstObject(bytes)
    if (info === undefined) return undefined
    const known = CLIENT_INFO.test(name)
      ? 'os_info' in info || 'Fqdn' in info || 'Hostname' in info
      : 'session_id' in info
    if (!known) return undefined
    const system = asObject(info['os_info']) ?? info
    const hostName = [system['Hostname'], system['hostname'], system['Fqdn'], system['fqdn']]
      .map(cleanHostName)
      .find((found) => found !== undefined)
    return {
      root: folderOf(name),
      tool: 'Velociraptor',
      rank: 1,
      ...(hostName === undefined ? {} : { hostName }),
    }
  },
}

/** The file is one object, a list of one, or an object in its first line. */
function readFirstObject(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  const text = bytes.toString('utf8')
  for (const part of [text, text.split('\n', 1)[0]!]) {
    try {
      const value: unknown = JSON.parse(part)
      const object = asObject(Array.isArray(value) ? value[0] : value)
      if (object) return object
    } catch {
      // Not this shape: the next one is tried, and without any there is no clue.
    }
  }
  return undefined
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  // An object of JSON has named members only.
  return value as Readonly<Record<string, unknown>>
}
