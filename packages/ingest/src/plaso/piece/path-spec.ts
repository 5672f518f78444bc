/** A path specification (dfVFS) as Plaso serialises it: the innermost layer outside, what it lies in as `parent`. */
export interface PathSpec {
  readonly type_indicator?: unknown
  readonly location?: unknown
  readonly data_stream?: unknown
  readonly compression_method?: unknown
  readonly store_index?: unknown
  readonly parent?: unknown
  readonly [name: string]: unknown
}

/** Layers that are followed. */
const MAX_LAYERS = 32

/** Members that are secrets of the evidence's owner. */
const SECRETS: ReadonlySet<string> = new Set([
  'initialization_vector',
  'key',
  'password',
  'recovery_password',
  'startup_key',
])

/** Whether a value is a path specification. */
export function isPathSpec(value: unknown): value is PathSpec {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The path of a file inside of its volume, control characters escaped; undefined where the specification has none. */
export function relativePath(spec: unknown): string | undefined {
  if (!isPathSpec(spec)) return undefined
  const own = textOf(spec.location)
  const location = own === undefined && isPathSpec(spec.parent) ? textOf(spec.parent.location) : own
  if (location === undefined) return undefined
  const stream = textOf(spec.data_stream)
  return escapeControls(stream === undefined ? location : `${location}:${stream}`)
}

/** What Plaso shows of where an event comes from: `NTFS:\Windows\…`, `VSS1:NTFS:\…`, `GZIP:/var/log/…`. */
export function displayName(spec: unknown): string | undefined {
  if (!isPathSpec(spec)) return undefined
  const type = textOf(spec.type_indicator)
  const path = relativePath(spec)
  if (path === undefined) return type
  let parent = isPathSpec(spec.parent) ? spec.parent : undefined
  let shown = type ?? ''
  if (type === 'COMPRESSED_STREAM') {
    shown = textOf(spec.compression_method)?.toUpperCase() ?? shown
    parent = isPathSpec(parent?.parent) ? parent.parent : undefined
  } else if (type === 'GZIP') parent = isPathSpec(parent?.parent) ? parent.parent : undefined
  const isShadow = parent?.type_indicator === 'VSHADOW'
  const index = isPathSpec(spec.parent) ? spec.parent.store_index : undefined
  return isShadow && typeof index === 'number' ? `VSS${index + 1}:${shown}:${path}` : `${shown}:${path}`
}

/** The specification as JSON, without passwords and keys. */
export function showPathSpec(spec: PathSpec): string {
  return JSON.stringify(withoutSecrets(spec, 0))
}

/** Number of a file in its volume, where the specification has one. */
export function inodeOf(spec: PathSpec): unknown {
  switch (spec.type_indicator) {
    case 'NTFS':
      return spec['mft_entry']
    case 'EXT':
    case 'TSK':
      return spec['inode']
    case 'APFS':
    case 'HFS':
      return spec['identifier']
    default:
      return undefined
  }
}

function withoutSecrets(spec: PathSpec, depth: number): PathSpec {
  return Object.fromEntries(
    Object.entries(spec)
      .filter(([name]) => !SECRETS.has(name) && (name !== 'parent' || depth < MAX_LAYERS))
      .map(([name, value]) => [
        name,
        name === 'parent' && isPathSpec(value) ? withoutSecrets(value, depth + 1) : value,
      ]),
  )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function escapeControls(text: string): string {
  return text
    .replace(CONTROLS, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(LONE_SURROGATES, (found) => `\\U${found.charCodeAt(0).toString(16).padStart(8, '0')}`)
}
