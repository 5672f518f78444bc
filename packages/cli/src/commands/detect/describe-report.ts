import type { ApiDetectionReport, ApiRuleProblem } from '@timeskein/model'
import { countWords } from '../../output/count-words.ts'
import { concat, lines, type Prose, prose } from '../../output/prose.ts'
import { formatTable } from '../../output/table.ts'

/** Rules of one kind that are printed; `--json` has them all. */
const MAX_TOLD = 20

/** Why a rule found nothing, for people. */
const REASONS: Readonly<Record<string, string>> = {
  'log-source': 'no event is of their log source',
  field: 'no event has a field they need',
  value: 'a value they need was never seen',
  events: 'all they need is there, but in no one event',
  threshold: 'their rules were hit, but not as they ask',
  rules: 'the rules they are about found nothing',
  'nothing-asked':
    'they were not run: placeholders without values (vars of a pipeline: skein rules add FILE)',
}

/** The account of a run for people. */
export function describeReport(report: ApiDetectionReport, width: number): Prose {
  const { events, rules, seconds, hits, hitEvents, matched, unmatched, unsupported, warnings, slow, mode } =
    report
  const reported = matched.filter(({ isReported }) => isReported)
  const alone = matched.length - reported.length
  const head = prose`${countWords(rules, 'rule')} over ${countWords(events, 'event')} in ${seconds.toFixed(1)} s: ${reported.length} matched, ${countWords(hits, 'hit')} in ${countWords(hitEvents, 'event')}`
  const rows = reported
    .slice(0, MAX_TOLD)
    .map((rule) => [
      String(rule.hits),
      rule.level ?? '',
      rule.first.slice(0, 16).replace('T', ' '),
      String(rule.hostCount),
      rule.title,
    ])
  const table =
    rows.length === 0
      ? prose``
      : formatTable(['hits', 'level', 'first (UTC)', 'hosts', 'rule'], rows, {
          width,
          color: false,
          whole: ['first (UTC)'],
        })
  const none = Object.entries(unmatched).map(
    ([reason, count]) => prose`  ${String(count).padStart(6)}  ${REASONS[reason] ?? reason}`,
  )
  return concat(
    lines([head]),
    table,
    lines([
      ...more(reported.length),
      ...(alone > 0
        ? [
            prose`${countWords(alone, 'rule')} found events for correlations only: no hits, tags or alerts of their own`,
          ]
        : []),
      ...matched
        .filter(({ matchesEverything }) => matchesEverything)
        .map(({ title }) => prose`matches every event there is: ${title}`),
      ...(none.length === 0 ? [] : [prose`rules that found nothing:`, ...none]),
      ...tellProblems('rules that cannot be run', unsupported),
      ...tellProblems('pipelines that cannot be used', warnings.filter(isAboutPipeline)),
      ...tellProblems(
        'warnings about rules',
        warnings.filter((one) => !isAboutPipeline(one)),
      ),
      ...slow
        .slice(0, MAX_TOLD)
        .map(
          (rule) =>
            prose`slow: ${rule.title}: ${rule.seconds.toFixed(2)} s, ${rule.timesMean.toFixed(0)} times the mean; ${rule.why}`,
        ),
      mode === 'dry-run' ? prose`dry run: nothing was stored` : describeStored(report),
    ]),
  )
}

/** One line about what was found in events that came; for where much else is told. */
export function describeLiveReport(report: ApiDetectionReport): Prose {
  const { rules, matched, hitEvents, alerts, incidents } = report
  const found =
    hitEvents === 0
      ? 'nothing found'
      : prose`${countWords(matched.length, 'rule')} found ${countWords(hitEvents, 'event')}: ${countWords(alerts.created + alerts.updated, 'alert')}, ${countWords(incidents.created + incidents.updated + incidents.reopened, 'incident')}`
  return prose`detection: ${countWords(rules, 'rule')}, ${found}\n`
}

function describeStored({ alerts, incidents }: ApiDetectionReport): Prose {
  const { created, updated, unchanged, suppressed } = alerts
  const kept = suppressed > 0 ? prose`, ${suppressed} suppressed` : ''
  const again = incidents.reopened > 0 ? prose`, ${incidents.reopened} reopened` : ''
  return prose`alerts: ${created} new, ${updated} with more events, ${unchanged} as before${kept}; incidents: ${incidents.created} new, ${incidents.updated} grown${again}`
}

function tellProblems(what: string, problems: readonly ApiRuleProblem[]): readonly Prose[] {
  if (problems.length === 0) return []
  return [
    prose`${what}: ${problems.length}`,
    ...problems
      .slice(0, MAX_TOLD)
      .map(
        ({ file, line, rule, reason }) =>
          prose`  ${file}:${line}  ${rule === undefined ? '' : `${rule}: `}${reason}`,
      ),
    ...more(problems.length),
  ]
}

function isAboutPipeline({ code }: ApiRuleProblem): boolean {
  return code === 'bad-pipeline'
}

function more(count: number): readonly Prose[] {
  return count > MAX_TOLD ? [prose`  and ${count - MAX_TOLD} more (--json lists them all)`] : []
}
