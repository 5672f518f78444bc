import { createHash } from 'node:crypto'
import { type Document, LineCounter, parseAllDocuments, stringify } from 'yaml'
import { invalid } from '../../errors/domain-error.ts'
import type { CatalogueDraft } from './rule-catalogue-service.ts'

/** A rule's own documents of Sigma. */
export interface RuleTexts {
  /** Of the rule that was asked for. */
  readonly main: string
  /** Of those that it refers to, by id. */
  readonly members: ReadonlyMap<string, string>
}

type Members = Record<string, unknown>

/** Documents of one payload at most. */
const MAX_DOCUMENTS = 50
/** What aliases of one document may come to, as the library counts: more is an attempt to fill the memory. */
const MAX_ALIASES = 100

/**
 * Makes whole Sigma of a payload that may be a detection alone: title, id, level and tags come from the draft, a log source that fits
 * every event where it names none. Of several documents the last correlation is the rule; the others are what it counts.
 *
 * Correlations are understood as the Sigma specification (2.0, "Sigma Correlation Rules") writes them, and as Sekoia.io does:
 * `action: correlation` with `type`, `rule`, `group-by`, `timespan` and `condition` beside it.
 *
 * @throws {DomainError} `invalid` (`bad-rule`).
 */
export function writeRuleTexts(draft: CatalogueDraft, uuid: string): RuleTexts {
  const documents = readDocuments(draft.payload)
  const place = documents.length === 1 ? 0 : documents.findLastIndex(isCorrelation)
  const main = documents[place]
  if (!main)
    throw bad(
      `one rule was expected, or several with a correlation of them; found ${documents.length} without one`,
    )
  const head = {
    title: draft.title,
    id: uuid,
    description: draft.description,
    level: levelOf(draft.severity),
    ...(draft.tags.length > 0 ? { tags: draft.tags.filter((tag) => /^[^.\s]+\.[^\s]+$/.test(tag)) } : {}),
  }
  const members = new Map<string, string>()
  for (const [at, document] of documents.entries()) {
    if (at === place) continue
    const { name } = document
    if (typeof name !== 'string')
      throw bad(`a name was expected in document ${at + 1}, by which the correlation calls it; found none`)
    const id = makeMemberId(uuid, name)
    members.set(
      id,
      write(
        document,
        { title: `${draft.title}: ${name}`, id, level: head.level },
        nameMember(uuid, name),
        uuid,
      ),
    )
  }
  return { main: write(main, head, undefined, uuid), members }
}

function write(document: Members, head: Members, name: string | undefined, uuid: string): string {
  const { title: _, id: __, description, level: ___, tags: ____, logsource, ...rest } = document
  const whole: Members = {
    ...(description === undefined ? {} : { description }),
    ...head,
    ...(isCorrelation(document)
      ? toCorrelation(rest, uuid)
      : { logsource: logsource ?? { product: 'any' }, ...rest }),
    ...(name === undefined ? {} : { name }),
  }
  return stringify(whole, { lineWidth: 0 })
}

function toCorrelation(rest: Members, uuid: string): Members {
  const { action, type, rule, rules, field, ordered, correlation, ...more } = rest
  const given = (correlation ?? { type, rules: rules ?? rule, ...pick(more) }) as Members
  const named = [given['rules'] ?? given['rule'] ?? []].flat().map((one) => nameMember(uuid, String(one)))
  const { rule: _, ...members } = given
  return {
    correlation: {
      ...members,
      ...(field === undefined ? {} : { condition: { ...(given['condition'] as object), field } }),
      ...(ordered === true ? { type: 'temporal_ordered' } : {}),
      rules: named,
    },
  }
}

/** Members that Sekoia.io writes beside `action: correlation`. */
function pick(members: Members): Members {
  return Object.fromEntries(
    ['group-by', 'timespan', 'condition', 'aliases'].flatMap((name) =>
      members[name] === undefined ? [] : [[name, members[name]]],
    ),
  )
}

/** Names of documents are those of one payload: in the library they are told apart by the rule they came with. */
function nameMember(uuid: string, name: string): string {
  return `${name}_${uuid.replaceAll('-', '').slice(0, 12)}`
}

/** The id of a rule that a correlation brought with it: a UUID of version 8, made of both. */
export function makeMemberId(uuid: string, name: string): string {
  const hash = createHash('sha256').update(`member ${uuid} ${name}`).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

function isCorrelation(document: Members): boolean {
  return document['action'] === 'correlation' || typeof document['correlation'] === 'object'
}

function levelOf(severity: number): string {
  if (severity < 20) return 'informational'
  if (severity < 40) return 'low'
  if (severity < 60) return 'medium'
  return severity < 80 ? 'high' : 'critical'
}

function readDocuments(payload: string): readonly Members[] {
  const lineCounter = new LineCounter()
  const parsed = parseAllDocuments(payload, { lineCounter })
  if (!Array.isArray(parsed) || parsed.length === 0) throw bad('a detection was expected, found nothing')
  if (parsed.length > MAX_DOCUMENTS)
    throw bad(`at most ${MAX_DOCUMENTS} documents were expected, found ${parsed.length}`)
  return parsed.map((document) => {
    const [error] = document.errors
    if (error) {
      const { line, col } = lineCounter.linePos(error.pos[0])
      throw bad(`line ${line}, column ${col}: ${error.message.split('\n')[0]}`)
    }
    const value = readValue(document)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw bad('a detection was expected as YAML, such as "detection:" with searches and a condition')
    return value as Members
  })
}

function readValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    // Too many aliases, or one of nothing.
    throw bad(error instanceof Error ? error.message : String(error))
  }
}

function bad(sentence: string): Error {
  return invalid('bad-rule', `The payload cannot be used: ${sentence}.`)
}
