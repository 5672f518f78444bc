import type { Principal } from '../../auth/principal.ts'
import type { SearchTemplate } from '../search-templates/search-template-service.ts'
import type { User } from '../users/user-service.ts'
import type { DfiqCatalogue } from './dfiq-catalogue.ts'

/** What scenarios, facets and questions say of themselves. */
export interface DfiqPart {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  readonly name: string
  readonly displayName: string
  readonly description: string
  /** Empty for what somebody asked in their own words. */
  readonly dfiqId: string
  readonly uuid: string
  /** All that the template says, as JSON text; empty without one. */
  readonly specJson: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What is investigated in a sketch. */
export interface Scenario extends DfiqPart {
  readonly status: string
  readonly facets: readonly Facet[]
}

/** A side of a scenario. */
export interface Facet extends DfiqPart {
  readonly scenarioId: number
  readonly questions: readonly Question[]
}

/** Something to be answered. */
export interface Question extends DfiqPart {
  readonly scenarioId: number | undefined
  readonly facetId: number | undefined
  readonly status: QuestionStatus
  readonly priority: QuestionPriority | undefined
  readonly attributes: readonly QuestionAttribute[]
  readonly approaches: readonly Approach[]
  readonly conclusions: readonly Conclusion[]
}

/** A way to an answer. */
export interface Approach {
  readonly id: number
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly specJson: string
  readonly searchTemplates: readonly SearchTemplate[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** An answer; the events that prove it carry `factLabel(id)`. */
export interface Conclusion {
  readonly id: number
  /** Undefined for one that a program gave. */
  readonly owner: User | undefined
  readonly text: string
  readonly isAutomated: boolean
  readonly events: readonly { readonly id: string; readonly index: string }[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Something that somebody noted of a question. */
export interface QuestionAttribute {
  readonly name: string
  readonly value: string
  readonly ontology: string
  readonly description: string
}

/** How far an answer is. */
export const QUESTION_STATUSES = ['new', 'pending-review', 'rejected', 'verified'] as const
/** One of `QUESTION_STATUSES`. */
export type QuestionStatus = (typeof QUESTION_STATUSES)[number]
/** How much an answer is worth; Timesketch's own labels. */
export const QUESTION_PRIORITIES = [
  '__ts_priority_high',
  '__ts_priority_low',
  '__ts_priority_medium',
] as const
/** One of `QUESTION_PRIORITIES`. */
export type QuestionPriority = (typeof QUESTION_PRIORITIES)[number]

/** The label of events that prove a conclusion. */
export function factLabel(conclusionId: number): string {
  return `__ts_fact_${conclusionId}`
}

/** Which template is meant: the first of these that is given. */
export interface TemplateChoice {
  readonly uuid?: string | undefined
  readonly dfiqId?: string | undefined
  /** The name of a template, and what the copy is called. */
  readonly displayName?: string | undefined
}

/** What is asked: a template, or a question in one's own words. */
export interface NewQuestion {
  readonly uuid?: string | undefined
  readonly dfiqId?: string | undefined
  readonly text?: string | undefined
  /** Of a question in one's own words. */
  readonly scenarioId?: number | undefined
  readonly facetId?: number | undefined
}

/** What is to be changed of a question; attributes are added. */
export interface QuestionChange {
  readonly name?: string | undefined
  readonly displayName?: string | undefined
  readonly description?: string | undefined
  readonly status?: string | undefined
  readonly priority?: string | undefined
  readonly attributes?: readonly QuestionAttribute[] | undefined
}

/**
 * Scenarios, facets and questions of sketches, after the DFIQ files in `config/dfiq` of the data directory, and their answers.
 * Reading needs read, everything else needs write. What is not there, or in another sketch, is `not-found` (`scenario-not-found`,
 * `facet-not-found`, `question-not-found`, `conclusion-not-found`).
 */
export interface ScenarioService {
  /** What the files say; undefined when there are none. */
  catalogue(): Promise<DfiqCatalogue | undefined>
  list(principal: Principal, sketchId: number): Promise<readonly Scenario[]>
  get(principal: Principal, sketchId: number, id: number): Promise<Scenario>
  /** Copies a template with its facets, questions and approaches. @throws {DomainError} `not-found` (`no-dfiq`, `scenario-template-not-found`). */
  create(principal: Principal, sketchId: number, choice: TemplateChoice): Promise<Scenario>
  update(
    principal: Principal,
    sketchId: number,
    id: number,
    change: { displayName?: string; status?: string },
  ): Promise<Scenario>
  /** Refuses ids of scenarios, facets and questions that are not of this sketch. Needs read. */
  requireParts(
    principal: Principal,
    sketchId: number,
    parts: Partial<Record<'scenario' | 'facet' | 'question', number>>,
  ): Promise<void>
  /** Questions of a scenario itself, of a facet, or (neither) of the sketch alone. */
  listQuestions(
    principal: Principal,
    sketchId: number,
    of: { scenarioId?: number; facetId?: number },
  ): Promise<readonly Question[]>
  getQuestion(principal: Principal, sketchId: number, id: number): Promise<Question>
  /**
   * The same question asked again by the same user in the same place is the one that is there.
   *
   * @throws {DomainError} `invalid` (`no-question`), `not-found` (`no-dfiq`, `question-template-not-found`).
   */
  ask(principal: Principal, sketchId: number, question: NewQuestion): Promise<Question>
  /** @throws {DomainError} `invalid` (`bad-status`, `bad-priority`). */
  updateQuestion(
    principal: Principal,
    sketchId: number,
    id: number,
    change: QuestionChange,
  ): Promise<Question>
  /** Asks whether the sketch has this conclusion, of any of its questions. @throws {DomainError} `not-found` (`conclusion-not-found`). */
  requireConclusion(principal: Principal, sketchId: number, id: number): Promise<void>
  /** A person has one conclusion of a question: a second one takes its place. */
  conclude(
    principal: Principal,
    sketchId: number,
    questionId: number,
    conclusion: { text: string; isAutomated: boolean },
  ): Promise<{ readonly question: Question; readonly conclusionId: number }>
  /** @throws {DomainError} `forbidden` (`not-own-conclusion`). */
  updateConclusion(
    principal: Principal,
    sketchId: number,
    questionId: number,
    id: number,
    text: string,
  ): Promise<Question>
  /** Its label is taken from the events. @throws {DomainError} `forbidden` (`not-own-conclusion`), but for those of programs. */
  deleteConclusion(principal: Principal, sketchId: number, questionId: number, id: number): Promise<Question>
}
