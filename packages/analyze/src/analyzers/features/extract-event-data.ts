import type { Query } from '@timeskein/query'
import type { ReadEvent } from '../../event-source.ts'
import { AnalyzerFailure, type AnalyzerParameters, type AnalyzerRun } from '../analyzer.ts'
import { ruleTexts } from '../rule-members.ts'
import { readEventData } from '../windows/event-data.ts'

/** Name of the way features are found in the data of Windows events. */
export const EVENT_PLUGIN = 'winevt_extraction_plugin'

/** One datum of an event with the names it gets. */
interface Mapping {
  readonly names: readonly string[]
  readonly index: number
  /** What the datum is called in events that came with names. */
  readonly dataName: string
}

/**
 * Stores the data of a Windows event under names. Format of a feature: `winevt_features.yaml` of Timesketch 20261014; a mapping may
 * say `data_name`, the datum's own name, for events that have their data by names (our reader's) and not in order (Plaso's `strings`).
 */
export async function extractEventData(
  run: AnalyzerRun,
  name: string,
  feature: AnalyzerParameters,
): Promise<string> {
  const mappings = readMappings(name, feature)
  let count = 0
  for await (const page of run.events.read(readQuery(name, feature)))
    for (const event of page) {
      const attributes: Record<string, unknown> = {}
      const missing: string[] = []
      let hasData = false
      for (const { names, index, dataName } of mappings) {
        const data = readEventData(event, index, dataName)
        hasData ||= data.kind !== 'none'
        if (data.kind === 'missing')
          missing.push(
            `Analyzer[${EVENT_PLUGIN}]: [${name}] The index '${index}' for field '${names[0]}' does not exist in strings!`,
          )
        else if (data.kind === 'found') for (const one of names) attributes[one] = data.value
      }
      if (!hasData) continue
      count += 1
      await run.mark(event, {
        attributes: withoutKnown(event, attributes),
        ...(missing.length === 0 ? {} : { comment: missing.join('\n') }),
      })
    }
  return `winevt feature extraction: [${name}] extracted ${count} features.`
}

/** Those that the event does not have yet with this value. */
function withoutKnown(
  event: ReadEvent,
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => event.get(name) !== value))
}

function readQuery(name: string, feature: AnalyzerParameters): Query {
  const source = ruleTexts(feature, 'source_name')[0]
  const provider = ruleTexts(feature, 'provider_identifier')[0]
  if (!source && !provider)
    throw new AnalyzerFailure(`feature ${name}: its "source_name" or "provider_identifier" is needed, a list`)
  const phrase = (field: string, text: string | undefined): readonly Query[] =>
    text ? [{ kind: 'phrase', field, text, slop: 0 }] : []
  const number = (field: string): Query => {
    const value = feature[field]
    if (typeof value === 'number' && Number.isSafeInteger(value))
      return { kind: 'match', field, text: String(value), operator: 'and' }
    throw new AnalyzerFailure(`feature ${name}: its "${field}" is needed, a whole number`)
  }
  return {
    kind: 'and',
    of: [
      ...phrase('source_name', source),
      ...phrase('provider_identifier', provider),
      number('event_identifier'),
      number('event_version'),
    ],
  }
}

function readMappings(feature: string, members: AnalyzerParameters): readonly Mapping[] {
  const list: unknown = members['mapping']
  if (!Array.isArray(list) || list.length === 0)
    throw new AnalyzerFailure(`feature ${feature}: its "mapping" is needed, a list that is not empty`)
  return list.map((entry: unknown, at) => {
    const {
      name,
      string_index: index,
      data_name: dataName,
      aliases,
    } = (entry ?? {}) as Record<string, unknown>
    if (typeof name !== 'string' || typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
      throw new AnalyzerFailure(
        `feature ${feature}: mapping ${at + 1}: a "name" and a "string_index" from 0 were expected`,
      )
    return {
      names: [name, ...(Array.isArray(aliases) ? aliases.map(String) : [])],
      index,
      dataName: typeof dataName === 'string' ? dataName : toPascalCase(name),
    }
  })
}

/** `target_user_sid` as the events' manifests write it: `TargetUserSid`. */
function toPascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
