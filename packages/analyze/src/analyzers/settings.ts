import type { AnalyzerParameters } from './analyzer.ts'
import { CDN_DOMAINS } from './domains/cdn-domains.ts'
import { SHIPPED_EVENT_FEATURES } from './features/shipped-event-features.ts'
import { SHIPPED_REGEX_FEATURES } from './features/shipped-regex-features.ts'
import { SHIPPED_TAG_RULES } from './tagger/shipped-tag-rules.ts'

/** Rules of a file by their names; each is read when it is run, so that a wrong one fails alone. */
export type NamedRules = Readonly<Record<string, AnalyzerParameters>>

/** What whoever runs a server says to analyzers. */
export interface AnalyzerSettings {
  /** Where the server is reached, for results. */
  readonly instanceUrl: string
  /** Names (with `*` and `?`) of what runs over a timeline when evidence has been imported into it. */
  readonly autoRun: readonly string[]
  /** Parameters of analyzers for which a caller gives none, by the analyzer's name. */
  readonly defaultParameters: Readonly<Record<string, AnalyzerParameters | readonly AnalyzerParameters[]>>
  /** Domains whose imitations are looked for, beside those a timeline visits most. */
  readonly watchedDomains: readonly string[]
  /** How many of a timeline's most visited domains are watched too. */
  readonly watchedDomainCount: number
  /** From which Jaccard similarity, 0 to 1, a domain is looked at. */
  readonly watchedDomainScore: number
  /** Endings of domains that are never watched; what looks like an imitation among them is tagged as known. */
  readonly excludedDomains: readonly string[]
  /** Providers by the endings of their domains, each with its leading dot. */
  readonly cdnDomains: Readonly<Record<string, string>>
  readonly tagRules: NamedRules
  readonly regexFeatures: NamedRules
  readonly eventFeatures: NamedRules
}

/** What counts where no file says otherwise. */
export const DEFAULT_SETTINGS: AnalyzerSettings = {
  instanceUrl: 'https://localhost',
  autoRun: [],
  defaultParameters: {},
  watchedDomains: [],
  watchedDomainCount: 10,
  watchedDomainScore: 0.75,
  excludedDomains: ['gstatic.com', 'googleusercontent.com', 'akamaized.net', 'akamaihd.net', 'ytimg.com'],
  cdnDomains: CDN_DOMAINS,
  tagRules: SHIPPED_TAG_RULES,
  regexFeatures: SHIPPED_REGEX_FEATURES,
  eventFeatures: SHIPPED_EVENT_FEATURES,
}

/** Values of the YAML files that say something to analyzers; undefined where there is no such file. */
export interface SettingsFiles {
  readonly analyzers?: unknown
  readonly tags?: unknown
  readonly regexFeatures?: unknown
  readonly eventFeatures?: unknown
}

/**
 * Reads settings. What is no such setting is left out, and what it would have replaced counts.
 *
 * @returns Also a sentence for each thing that was left out.
 */
export function readSettings(files: SettingsFiles): {
  readonly settings: AnalyzerSettings
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  const own = files.analyzers === undefined || files.analyzers === null ? {} : asObject(files.analyzers)
  if (!own) problems.push('analyzers.yaml: an object was expected')
  const read = <Value>(
    name: string,
    expected: string,
    as: (value: unknown) => Value | undefined,
    fallback: Value,
  ): Value => {
    const value = own?.[name]
    if (value === undefined || value === null) return fallback
    const known = as(value)
    if (known === undefined) problems.push(`analyzers.yaml: ${name}: ${expected} was expected`)
    return known ?? fallback
  }
  const rules = (file: string, value: unknown, fallback: NamedRules): NamedRules => {
    if (value === undefined) return fallback
    const found: Record<string, AnalyzerParameters> = {}
    const object = value === null ? {} : asObject(value)
    if (!object) problems.push(`${file}: rules by their names were expected`)
    for (const [name, rule] of Object.entries(object ?? {})) {
      const members = asObject(rule)
      if (members) found[name] = members
      else problems.push(`${file}: ${name}: the members of a rule were expected`)
    }
    return found
  }
  const base = DEFAULT_SETTINGS
  const settings: AnalyzerSettings = {
    instanceUrl: read('instance_url', 'text', asText, base.instanceUrl),
    autoRun: read('auto_run', 'a list of names', asTexts, base.autoRun),
    defaultParameters: read('parameters', 'parameters by analyzer', asParameters, base.defaultParameters),
    watchedDomains: read('watched_domains', 'a list of domains', asTexts, base.watchedDomains),
    watchedDomainCount: read('watched_domain_count', 'a number', asCount, base.watchedDomainCount),
    watchedDomainScore: read(
      'watched_domain_score',
      'a number from 0 to 1',
      asShare,
      base.watchedDomainScore,
    ),
    excludedDomains: read('excluded_domains', 'a list of domains', asTexts, base.excludedDomains),
    cdnDomains: read('cdn_domains', 'providers by domain', asTextsByName, base.cdnDomains),
    tagRules: rules('tags.yaml', files.tags, base.tagRules),
    regexFeatures: rules('regex_features.yaml', files.regexFeatures, base.regexFeatures),
    eventFeatures: rules('winevt_features.yaml', files.eventFeatures, base.eventFeatures),
  }
  return { settings, problems }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  return value as Readonly<Record<string, unknown>>
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function asShare(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
}

function asTextsByName(value: unknown): Readonly<Record<string, string>> | undefined {
  const object = asObject(value)
  return object && Object.values(object).every((item) => typeof item === 'string')
    ? (object as Readonly<Record<string, string>>)
    : undefined
}

function asParameters(value: unknown): AnalyzerSettings['defaultParameters'] | undefined {
  const object = asObject(value)
  const isSets = (item: unknown): boolean =>
    asObject(item) !== undefined || (Array.isArray(item) && item.every((set) => asObject(set) !== undefined))
  // Each value was just seen to be an object or a list of them.
  return object && Object.values(object).every(isSets)
    ? (object as AnalyzerSettings['defaultParameters'])
    : undefined
}
