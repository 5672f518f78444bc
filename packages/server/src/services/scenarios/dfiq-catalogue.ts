import { notFound } from '../../errors/domain-error.ts'
import type { ConfigFile, ConfigFolder } from '../config/config-folder.ts'

/** Where the files are, under the folder of configuration. */
const FOLDER = 'dfiq'
/** DFIQ versions before this one have no UUIDs. */
const MIN_VERSION = [1, 1] as const

/** One way to an answer, as a DFIQ file says it. */
export interface ApproachTemplate {
  readonly name: string
  readonly description: string | null
  readonly notes: unknown
  readonly references: unknown
  readonly steps: readonly Readonly<Record<string, unknown>>[]
  readonly tags: unknown
}

/** A scenario, facet or question, as a DFIQ file says it. */
export interface DfiqTemplate {
  readonly kind: 'scenario' | 'facet' | 'question'
  /** `S1001`; null when there is none. */
  readonly id: string | null
  readonly uuid: string
  readonly name: string
  readonly description: string | null
  readonly tags: readonly string[]
  /** Ids or UUIDs of what it belongs to. */
  readonly parentIds: readonly string[]
  /** Of questions. */
  readonly approaches: readonly ApproachTemplate[]
}

/**
 * What the DFIQ files of a folder say (https://dfiq.org/contributing/specification/, version 1.1): scenarios with their facets,
 * and questions that belong to either.
 */
export class DfiqCatalogue {
  readonly templates: readonly DfiqTemplate[]

  constructor(templates: readonly DfiqTemplate[]) {
    this.templates = templates
  }

  list(kind: DfiqTemplate['kind']): readonly DfiqTemplate[] {
    return this.templates.filter((template) => template.kind === kind)
  }

  /** By UUID or id. */
  find(kind: DfiqTemplate['kind'], key: string): DfiqTemplate | undefined {
    return this.list(kind).find((template) => template.uuid === key || template.id === key)
  }

  /** What belongs to a template, of one kind. */
  children(parent: DfiqTemplate, kind: DfiqTemplate['kind']): readonly DfiqTemplate[] {
    return this.list(kind).filter(({ parentIds }) =>
      parentIds.some((key) => key === parent.uuid || key === parent.id),
    )
  }
}

/** The catalogue of a data directory; undefined when it has no DFIQ file. Files that are no DFIQ are left out. */
export async function readCatalogue(config: ConfigFolder): Promise<DfiqCatalogue | undefined> {
  const files = await config.readFolder(FOLDER)
  const templates = files.flatMap((file) => readTemplate(file) ?? [])
  return templates.length === 0 ? undefined : new DfiqCatalogue(templates)
}

/** The same, where nothing can be done without. @throws {DomainError} `not-found` (`dfiq-not-found`). */
export async function requireCatalogue(config: ConfigFolder): Promise<DfiqCatalogue> {
  const catalogue = await readCatalogue(config)
  if (!catalogue) throw notFound('dfiq', 'config/dfiq')
  return catalogue
}

function readTemplate({ value }: ConfigFile): DfiqTemplate | undefined {
  if (value === null || typeof value !== 'object') return undefined
  const members = value as Readonly<Record<string, unknown>>
  const { type, uuid, name } = members
  if (type !== 'scenario' && type !== 'facet' && type !== 'question') return undefined
  if (typeof uuid !== 'string' || typeof name !== 'string' || !isSupported(members['dfiq_version']))
    return undefined
  return {
    kind: type,
    id: readText(members['id']),
    uuid,
    name: name.trimEnd(),
    description: readText(members['description'])?.trimEnd() ?? null,
    tags: readTexts(members['tags']),
    parentIds: readTexts(members['parent_ids']),
    approaches: readList(members['approaches']).flatMap((entry) => readApproach(entry) ?? []),
  }
}

function isSupported(version: unknown): boolean {
  const [major = 0, minor = 0] = String(version).split('.').map(Number)
  return major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1])
}

function readApproach(entry: unknown): ApproachTemplate | undefined {
  if (entry === null || typeof entry !== 'object') return undefined
  const members = entry as Readonly<Record<string, unknown>>
  if (typeof members['name'] !== 'string') return undefined
  return {
    name: members['name'],
    description: readText(members['description']),
    notes: members['notes'] ?? null,
    references: members['references'] ?? null,
    steps: readList(members['steps']).filter(
      (step): step is Record<string, unknown> => step !== null && typeof step === 'object',
    ),
    tags: members['tags'] ?? null,
  }
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function readTexts(value: unknown): readonly string[] {
  return readList(value).filter((item) => typeof item === 'string')
}
