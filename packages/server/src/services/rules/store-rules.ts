import type { SigmaProblem } from '@timeskein/query/sigma'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { RuleRow } from '../../db/detection-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { type DomainError, forbidden } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import type { ReadRule } from './read-rules.ts'
import type { RuleOrigin } from './rule-service.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 100

/** How rules are stored. */
export interface StoreOptions {
  /** Undefined: the program itself. */
  readonly principal: Principal | undefined
  readonly origin: RuleOrigin
  /** Of new rules. */
  readonly isEnabled: boolean
  readonly nowMs: number
}

/** What became of rules that were stored. */
export interface StoreOutcome {
  readonly added: readonly string[]
  readonly updated: readonly string[]
  /** Had been removed. */
  readonly restored: readonly string[]
  readonly unchanged: number
  /** Of those that were there, rules that are not enabled. */
  readonly disabled: number
  /** Rules of others. */
  readonly failed: readonly SigmaProblem[]
}

type Known = Pick<
  Selectable<RuleRow>,
  'id' | 'uuid' | 'kind' | 'version' | 'owner_id' | 'deleted_at_ms' | 'is_enabled' | 'origin'
> & {
  readonly text: string
  readonly ordinal: number
}

/**
 * Stores rules, each id once: new ones, and a new version of those whose text is another. To be called in a transaction.
 *
 * A rule of the starter set that somebody changed is theirs: the program leaves it, and what was removed, alone.
 */
export async function storeRules(
  db: Kysely<Schema>,
  rules: readonly ReadRule[],
  options: StoreOptions,
): Promise<StoreOutcome> {
  const { principal, nowMs } = options
  const known = await findKnown(db, rules)
  const fresh: ReadRule[] = []
  const updated: string[] = []
  const restored: string[] = []
  let disabled = 0
  const failed: SigmaProblem[] = []
  let unchanged = 0
  for (const rule of rules) {
    const isPipeline = rule.document.kind === 'pipeline'
    if (principal && isPipeline && !principal.isAdmin) {
      failed.push(refusePipeline(rule))
      continue
    }
    const before = known.get(rule.uuid)
    if (!before) {
      fresh.push(rule)
      continue
    }
    if (isPipeline !== (before.kind === 'pipeline')) {
      failed.push(refuseOtherKind(rule))
      continue
    }
    const isSame = before.text === rule.text && before.ordinal === rule.ordinal
    const isThere = before.deleted_at_ms === null
    // It counts as long as its owner is an administrator: whoever adds it again answers for it.
    const changesHands = isPipeline && principal !== undefined && before.owner_id !== principal.userId
    if (isSame && isThere && !changesHands) {
      unchanged++
      if (before.is_enabled === 0) disabled++
      continue
    }
    if (!principal && (!isThere || before.origin !== 'starter')) {
      unchanged++
      continue
    }
    if (principal && isThere && !mayChange(principal, before)) {
      failed.push(refuseForeign(rule))
      continue
    }
    const version = isSame ? before.version : before.version + 1
    if (!isSame) await insertVersions(db, [{ rule, ruleId: before.id, version }], options)
    await db
      .updateTable('rules')
      .set({
        ...describe(rule),
        version,
        origin: options.origin,
        ...(isThere ? {} : { is_enabled: options.isEnabled ? 1 : 0 }),
        ...(isThere && !changesHands ? {} : { owner_id: principal?.userId ?? null }),
        updated_at_ms: nowMs,
        deleted_at_ms: null,
      })
      .where('id', '=', before.id)
      .execute()
    if (!isThere) restored.push(rule.uuid)
    else {
      updated.push(rule.uuid)
      if (before.is_enabled === 0) disabled++
    }
  }
  await insertNew(db, fresh, options)
  return { added: fresh.map(({ uuid }) => uuid), updated, restored, unchanged, disabled, failed }
}

/** Whether somebody may change or remove a rule: who added it, or an administrator. */
export function mayChange(principal: Principal, { owner_id }: { readonly owner_id: number | null }): boolean {
  return principal.isAdmin || owner_id === principal.userId
}

/** The refusal of a change to a rule of somebody else. */
export function notOwnRule(uuid: string): DomainError {
  return forbidden(
    'not-own-rule',
    `The rule ${uuid} was added by somebody else; only they, or an administrator, may change it.`,
  )
}

async function findKnown(
  db: Kysely<Schema>,
  rules: readonly ReadRule[],
): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>()
  for (const some of chunk(rules)) {
    const rows = await db
      .selectFrom('rules')
      .innerJoin('rule_versions', (join) =>
        join
          .onRef('rule_versions.rule_id', '=', 'rules.id')
          .onRef('rule_versions.version', '=', 'rules.version'),
      )
      .select([
        'rules.id',
        'uuid',
        'rules.kind',
        'rules.version',
        'owner_id',
        'deleted_at_ms',
        'is_enabled',
        'origin',
      ])
      .select(['text', 'ordinal'])
      .where(
        'uuid',
        'in',
        some.map(({ uuid }) => uuid),
      )
      .execute()
    for (const row of rows) known.set(row.uuid, row)
  }
  return known
}

async function insertNew(
  db: Kysely<Schema>,
  rules: readonly ReadRule[],
  options: StoreOptions,
): Promise<void> {
  for (const some of chunk(rules, ROWS_AT_ONCE)) {
    const made = await db
      .insertInto('rules')
      .values(
        some.map((rule) => ({
          uuid: rule.uuid,
          ...describe(rule),
          version: 1,
          origin: options.origin,
          is_enabled: options.isEnabled ? 1 : 0,
          owner_id: options.principal?.userId ?? null,
          created_at_ms: options.nowMs,
          updated_at_ms: options.nowMs,
          deleted_at_ms: null,
        })),
      )
      .returning(['id', 'uuid'])
      .execute()
    const ids = new Map(made.map(({ id, uuid }) => [uuid, id]))
    await insertVersions(
      db,
      some.map((rule) => ({ rule, ruleId: ids.get(rule.uuid)!, version: 1 })),
      options,
    )
  }
}

async function insertVersions(
  db: Kysely<Schema>,
  versions: readonly { readonly rule: ReadRule; readonly ruleId: number; readonly version: number }[],
  { principal, nowMs }: StoreOptions,
): Promise<void> {
  await db
    .insertInto('rule_versions')
    .values(
      versions.map(({ rule, ruleId, version }) => ({
        rule_id: ruleId,
        version,
        text: rule.text,
        ordinal: rule.ordinal,
        user_id: principal?.userId ?? null,
        at_ms: nowMs,
      })),
    )
    .execute()
}

type Described = Pick<
  Insertable<RuleRow>,
  | 'kind'
  | 'title'
  | 'name'
  | 'description'
  | 'status'
  | 'level'
  | 'author'
  | 'product'
  | 'category'
  | 'service'
  | 'tags_json'
  | 'file'
  | 'problem_json'
>

function describe({ document, problem }: ReadRule): Described {
  const { meta, kind, place } = document
  const logSource = 'logSource' in document ? document.logSource : undefined
  return {
    kind,
    title: meta.title,
    name: meta.name ?? null,
    description: meta.description ?? '',
    status: meta.status ?? null,
    level: meta.level ?? null,
    author: meta.author ?? '',
    product: logSource?.product ?? null,
    category: logSource?.category ?? null,
    service: logSource?.service ?? null,
    tags_json: JSON.stringify(meta.tags),
    file: place.file,
    problem_json: problem === undefined ? null : JSON.stringify(problem),
  }
}

function refusePipeline({ document: { place, meta } }: ReadRule): SigmaProblem {
  const reason = 'pipelines change what all rules ask; only an administrator may add or change one'
  return { code: 'bad-pipeline', ...place, rule: meta.title, reason }
}

function refuseOtherKind({ document: { kind, place, meta } }: ReadRule): SigmaProblem {
  const [wanted, found] = kind === 'pipeline' ? ['pipeline', 'rule'] : ['rule', 'pipeline']
  const reason = `this ${wanted} would have the id of a ${found} of the library; remove that one first`
  return { code: kind === 'pipeline' ? 'bad-pipeline' : 'bad-rule', ...place, rule: meta.title, reason }
}

function refuseForeign({ document: { place, meta } }: ReadRule): SigmaProblem {
  const reason = 'this rule is in the library; only who added it, or an administrator, may change it'
  return { code: 'bad-rule', ...place, rule: meta.title, reason }
}
