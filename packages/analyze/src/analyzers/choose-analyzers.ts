import { compileWildcard } from '@timeskein/query'
import type { Analyzer, AnalyzerParameters } from './analyzer.ts'
import type { AnalyzerSettings } from './settings.ts'

/**
 * The analyzers that patterns mean, with those whose marks they read, in an order in which each comes after these. As in
 * Timesketch, what a dependency depends on itself is not added.
 *
 * @param patterns - Names in lower case; `*` and `?` stand for any characters, for one.
 * @throws {Error} When analyzers depend on each other in a circle, which is a fault of theirs.
 */
export function chooseAnalyzers<Known extends Pick<Analyzer, 'name' | 'dependencies'>>(
  known: readonly Known[],
  patterns: readonly string[],
): readonly Known[] {
  const tests = patterns.map((pattern) => compileWildcard(pattern))
  const meant = known.filter(({ name }) => tests.some((test) => test.matches(name)))
  const needed = new Set(meant.flatMap(({ dependencies }) => dependencies))
  return sortByDependency(known.filter((one) => meant.includes(one) || needed.has(one.name)))
}

/**
 * With which parameters an analyzer is to run, once for each: its own sets, then those that the caller gives; one without any
 * when there are none.
 */
export function planParameters(
  analyzer: Pick<Analyzer, 'listParameters'>,
  settings: AnalyzerSettings,
  given: AnalyzerParameters | readonly AnalyzerParameters[] | undefined,
): readonly AnalyzerParameters[] {
  const own = analyzer.listParameters?.(settings) ?? []
  const more = (
    Array.isArray(given) ? given : given === undefined ? [] : [given]
  ) as readonly AnalyzerParameters[]
  const all = [...own, ...more.filter((set) => Object.keys(set).length > 0)]
  return all.length === 0 ? [{}] : all
}

function sortByDependency<Known extends Pick<Analyzer, 'name' | 'dependencies'>>(
  analyzers: readonly Known[],
): readonly Known[] {
  const sorted: Known[] = []
  let rest = analyzers
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name))
    const next = rest.filter(({ dependencies }) => !dependencies.some((name) => waiting.has(name)))
    if (next.length === 0)
      throw new Error(`analyzers depend on each other in a circle: ${[...waiting].join(', ')}`)
    sorted.push(...next)
    rest = rest.filter((one) => !next.includes(one))
  }
  return sorted
}
