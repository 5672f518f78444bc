import type { ConfigFile, ConfigFolder } from '../config/config-folder.ts'

/** What can be done with the value of a field: shown by a part of the client, or looked up at a service. */
export type ContextLink =
  | {
      readonly kind: 'module'
      /** Name of the client's part. */
      readonly module: string
      readonly shortName: string
      /** What a value must look like; undefined: anything. */
      readonly validationRegex: string | undefined
    }
  | {
      readonly kind: 'service'
      readonly shortName: string
      /** Address with `<ATTR_VALUE>` in the place of the value. */
      readonly url: string
      readonly validationRegex: string | undefined
      /** The user is warned before the value leaves the house. */
      readonly warns: boolean
    }

/** Links by the name of the field, in lower case. */
export type ContextLinks = ReadonlyMap<string, readonly ContextLink[]>

/** The file, under the folder of configuration. */
const FILE = 'context_links.yaml'

const URLS = ['url', 'uri', 'original_url']
const HASHES = ['hash', 'sha256_hash', 'sha256', 'sha1_hash', 'sha1', 'md5_hash', 'md5']
const HOSTS = ['ip', 'ip_address', 'domain', 'domain_name', 'host', 'hostname', 'email', 'email_address']

/** What comes with the program, in the shape of the file. */
const SHIPPED: ConfigFile = {
  path: FILE,
  value: {
    hardcoded_modules: {
      xml_formatter: { short_name: 'Prettify XML', match_fields: ['xml', 'xml_string'] },
      unfurl_graph: { short_name: 'Unfurl URL', match_fields: URLS },
      threat_intel: { short_name: 'Add to Threat Intel', match_fields: [...URLS, ...HOSTS, ...HASHES] },
    },
    linked_services: {
      virustotal_hash_lookup: {
        short_name: 'VirusTotal',
        match_fields: HASHES,
        context_link: 'https://www.virustotal.com/gui/search/<ATTR_VALUE>',
        redirect_warning: true,
      },
    },
  },
}

/** What the file says, in the shape of Timesketch's; without it, what comes with the program. */
export async function readContextLinks(config: ConfigFolder): Promise<ContextLinks> {
  const links = new Map<string, ContextLink[]>()
  const { value } = (await config.readFile(FILE)) ?? SHIPPED
  for (const [section, toLink] of [
    ['hardcoded_modules', toModule],
    ['linked_services', toService],
  ] as const)
    for (const [name, entry] of Object.entries(asRecord(asRecord(value)[section]))) {
      const members = asRecord(entry)
      const link = toLink(name, members)
      const fields = members['match_fields']
      for (const field of link && Array.isArray(fields) ? fields : []) {
        const key = String(field).toLowerCase()
        const known = links.get(key)
        if (known) known.push(link!)
        else links.set(key, [link!])
      }
    }
  return links
}

type Members = Readonly<Record<string, unknown>>

function toModule(module: string, members: Members): ContextLink {
  const shortName = readText(members, 'short_name') ?? module
  return { kind: 'module', module, shortName, validationRegex: readText(members, 'validation_regex') }
}

/** Only addresses that a browser may be sent to. */
function toService(name: string, members: Members): ContextLink | undefined {
  const url = readText(members, 'context_link') ?? ''
  if (!/^https?:\/\//i.test(url)) return undefined
  return {
    kind: 'service',
    shortName: readText(members, 'short_name') ?? name,
    url,
    validationRegex: readText(members, 'validation_regex'),
    warns: members['redirect_warning'] !== false,
  }
}

function readText(members: Members, name: string): string | undefined {
  const value = members[name]
  return typeof value === 'string' ? value : undefined
}

function asRecord(value: unknown): Members {
  return value !== null && typeof value === 'object' ? (value as Members) : {}
}
