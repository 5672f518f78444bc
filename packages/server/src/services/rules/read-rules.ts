import {
  compileDocuments,
  isPipeline,
  parsePipelines,
  parseSigmaDocuments,
  type SigmaDocument,
  type SigmaProblem,
  type SigmaSource,
} from '@timeskein/query/sigma'
import { describePipeline, type LibraryDocument } from './library-document.ts'
import { makeRuleUuid } from './make-rule-uuid.ts'
import type { RuleText } from './rule-service.ts'

/** A rule or pipeline as it was read. */
export interface ReadRule extends RuleText {
  readonly uuid: string
  readonly document: LibraryDocument
  /** Why it cannot be run by itself. */
  readonly problem: SigmaProblem | undefined
}

/** What a file of rules holds. */
export interface ReadRules {
  readonly count: number
  /** Whether the file is a pipeline, and no file of rules. */
  readonly isPipeline: boolean
  /** Each compiled when it is asked for, which may take some time. */
  readonly rules: Iterable<ReadRule>
  readonly failed: readonly SigmaProblem[]
}

/**
 * Begins a document, with nothing of it on its line; nothing but a marker stands so at the start of a line (YAML 1.2, section 9.1.2).
 */
const DOCUMENT_MARKER = /^---(?:\s+#.*)?$/
/** What else documents may begin or end with, which is left to the reader of YAML. */
const OTHER_MARKER = /^(?:---[^\S\r\n]+[^\s#]|\.\.\.(?:\s|$)|%)/m

/** Reads the rules, correlations and filters of a file, each with the text that means it alone, or the pipeline that it is. */
export function readRules(source: SigmaSource): ReadRules {
  if (isPipeline(source)) return readPipeline(source)
  const { documents, problems, isCollection } = parseSigmaDocuments(source)
  const cut = isCollection || OTHER_MARKER.test(source.text) ? undefined : cutDocuments(source.text)
  const readRule = (document: SigmaDocument, ordinal: number): ReadRule => {
    const text = cut?.(document.place.line)
    return {
      uuid: makeRuleUuid(document),
      document,
      problem: findProblem(document),
      ...(text === undefined ? { text: source.text, ordinal } : { text, ordinal: 0 }),
    }
  }
  return {
    count: documents.length,
    isPipeline: false,
    rules: documents.values().map(readRule),
    failed: problems,
  }
}

function readPipeline(source: SigmaSource): ReadRules {
  const { pipelines, problems } = parsePipelines([source])
  const rules = pipelines.map((pipeline): ReadRule => {
    const document = describePipeline(pipeline, source.file)
    return { uuid: makeRuleUuid(document), document, problem: undefined, text: source.text, ordinal: 0 }
  })
  return { count: rules.length, isPipeline: true, rules, failed: problems }
}

/** Gives the document around a line, from 1. */
function cutDocuments(text: string): (line: number) => string {
  const documents: string[][] = [[]]
  const lines = text.split('\n')
  // Of each line the place of its document: a file may hold tens of thousands.
  const places = lines.map((line) => {
    if (DOCUMENT_MARKER.test(line.trimEnd())) documents.push([])
    else documents.at(-1)!.push(line)
    return documents.length - 1
  })
  if (documents.length === 1) return () => text
  return (line) => {
    const text = (documents[places[line - 1] ?? 0] ?? []).join('\n')
    // How far its first line stands in says how far all of them do.
    return `${text.replace(/^(?:\s*\n)+/, '').trimEnd()}\n`
  }
}

/** Correlations and filters refer to other rules: only a run can say whether they can be used. */
function findProblem(document: SigmaDocument): SigmaProblem | undefined {
  return document.kind === 'rule' ? compileDocuments([document]).failed[0] : undefined
}
