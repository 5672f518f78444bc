import type { LogSource, RuleLevel, RuleStatus, SigmaProblem, SigmaSource } from '@timeskein/query/sigma'
import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { User } from '../users/user-service.ts'
import type { ReadRule } from './read-rules.ts'

/** What a document of the library is; a filter keeps known-good events away from other rules, a pipeline adapts rules to how events look. */
export type RuleKind = 'rule' | 'correlation' | 'filter' | 'pipeline'

/** A Sigma rule, correlation, filter or pipeline of the library. Everybody may read them. */
export interface Rule {
  readonly id: number
  /** The rule's own id in lower case; made of its title and log source where it has none, as pipelines. What callers name it by. */
  readonly uuid: string
  readonly kind: RuleKind
  readonly title: string
  /** What correlations may call it by. */
  readonly name: string | undefined
  readonly description: string
  readonly status: RuleStatus | undefined
  readonly level: RuleLevel | undefined
  readonly author: string
  /** All undefined for correlations. */
  readonly logSource: Pick<LogSource, 'product' | 'category' | 'service'>
  readonly tags: readonly string[]
  /** From 1; each change of the text is a version. */
  readonly version: number
  readonly origin: RuleOrigin
  /** Where it was read, as the caller named it. */
  readonly file: string
  /** Why it cannot be run, with its place in the text; undefined where it can. */
  readonly problem: SigmaProblem | undefined
  /** Whether detection runs it. */
  readonly isEnabled: boolean
  /** Who added it; undefined for the starter set. */
  readonly owner: User | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** `starter`: shipped with the program. */
export type RuleOrigin = 'starter' | 'added'

/** A rule with its text. */
export interface RuleWithText extends Rule, RuleText {}

/** A rule's YAML. */
export interface RuleText {
  readonly text: string
  /** Which of the text's rules it is, from 0: texts of files that cannot be cut into rules (`action: global`) have more than one. */
  readonly ordinal: number
}

/** One version of a rule's text. */
export interface RuleVersion extends RuleText {
  readonly version: number
  readonly atMs: number
  /** Undefined: the program itself. */
  readonly username: string | undefined
}

/** Which rules; what is left out does not matter. */
export interface RuleFilter {
  readonly isEnabled?: boolean
  readonly kind?: RuleKind
  /** Whether pipelines are listed, which are no rules, where no kind is named. @default false */
  readonly withPipelines?: boolean
  readonly level?: RuleLevel
  /** Part of the title, id, file or a tag, in any case. */
  readonly text?: string
  /** Rules after this row id, for the next page. */
  readonly afterId?: number
  readonly limit?: number
}

/** What became of rules that were to be added. */
export interface RuleAdditions {
  /** Files read. */
  readonly files: number
  /** Rules, correlations, filters and pipelines found in them, those that failed included. */
  readonly rules: number
  /** Of those, pipelines. */
  readonly pipelines: number
  readonly added: number
  /** Were there with another text: a new version. */
  readonly updated: number
  /** Had been removed, and are there again. */
  readonly restored: number
  readonly unchanged: number
  /** Of those that were there, whatever became of them, rules that are disabled and stay so. */
  readonly disabled: number
  /** What was not taken: no YAML, no rule, or an id that stood in the same files before. */
  readonly failed: readonly SigmaProblem[]
  /** Taken, and kept for a program that can run them: good Sigma that this one cannot. */
  readonly unsupported: readonly SigmaProblem[]
}

/** How rules are added. */
export interface AddOptions {
  /** Whether new rules are enabled; those that are there stay as they are. @default true */
  readonly isEnabled?: boolean
  /** Abort keeps what was added before. */
  readonly signal?: AbortSignal
}

/** Changes of rules that stand or fall together. */
export interface RuleChanges {
  /** New ones, and new versions of those whose id is there. */
  readonly rules?: readonly ReadRule[]
  /** Those that are not there are passed over, here and where they are removed. */
  readonly enabled?: { readonly uuids: readonly string[]; readonly isEnabled: boolean }
  /** Uuids of those that are removed. */
  readonly removed?: readonly string[]
}

/**
 * The library of rules. Anybody may add rules to it, and administrators pipelines; whoever added a rule, and administrators, may change, disable and remove it.
 * Rules are named by their own id in any case; `rule-not-found` where there is none.
 */
export interface RuleService {
  /** In the order they came. */
  list(principal: Principal, filter?: RuleFilter): Promise<readonly Rule[]>
  /** As `list`, with texts. */
  listWithTexts(principal: Principal, filter?: RuleFilter): Promise<readonly RuleWithText[]>
  /** @throws {DomainError} `not-found` (`rule-not-found`). */
  get(principal: Principal, uuid: string): Promise<RuleWithText>
  /** Newest first. */
  listVersions(principal: Principal, uuid: string): Promise<readonly RuleVersion[]>
  /**
   * Adds files of rules; a rule that is there already gets a new version where its text is another. What is wrong with one is
   * told and spoils no other, and a rule of somebody else with another text is told in `failed`. Removed rules come back.
   */
  add(
    principal: Principal,
    sources: AsyncIterable<SigmaSource> | Iterable<SigmaSource>,
    options?: AddOptions,
  ): Promise<RuleAdditions>
  /**
   * Adds the one rule of a text.
   *
   * @throws {DomainError} `invalid` (`bad-rule`: no or several rules, or what is wrong with it), `conflict` (`rule-exists`).
   */
  create(principal: Principal, text: string): Promise<RuleWithText>
  /**
   * A new version of a rule; none where the text is the same.
   *
   * @throws {DomainError} `invalid` (`bad-rule`, `rule-id-mismatch`), `forbidden` (`not-own-rule`).
   */
  replace(principal: Principal, uuid: string, text: string): Promise<RuleWithText>
  /**
   * Changes several rules at once, all of them or none.
   *
   * @param also - What else is written with them, in their transaction.
   * @throws {DomainError} `forbidden` (`not-own-rule`).
   */
  changeTogether(
    principal: Principal,
    changes: RuleChanges,
    also?: (transaction: Kysely<Schema>) => Promise<void>,
  ): Promise<void>
  setEnabled(principal: Principal, uuid: string, isEnabled: boolean): Promise<Rule>
  /** Its versions are kept; adding it again continues them. */
  remove(principal: Principal, uuid: string): Promise<void>
}
