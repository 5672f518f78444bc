import { expect, test } from 'vitest'
import type { Analyzer } from './analyzer.ts'
import { ANALYZERS } from './analyzers.ts'
import { chooseAnalyzers, planParameters } from './choose-analyzers.ts'
import { DEFAULT_SETTINGS, readSettings } from './settings.ts'

const make = (name: string, dependencies: readonly string[] = []): Analyzer => ({
  name,
  displayName: name,
  description: '',
  dependencies,
  run: async () => '',
})
const names = (found: readonly Analyzer[]): readonly string[] => found.map(({ name }) => name)

test('names and patterns choose, and what is depended on comes first', () => {
  expect(names(chooseAnalyzers(ANALYZERS, ['domain']))).toEqual(['feature_extraction', 'domain'])
  expect(names(chooseAnalyzers(ANALYZERS, ['browser_*']))).toEqual([
    'browser_timeframe',
    'domain',
    'browser_search',
  ])
  expect(names(chooseAnalyzers(ANALYZERS, ['*']))).toHaveLength(ANALYZERS.length)
  expect(chooseAnalyzers(ANALYZERS, ['nonsense', ''])).toEqual([])
})

test('the names are those of Timesketch, each once, and every dependency is there', () => {
  const known = new Set(names(ANALYZERS))
  expect(known.size).toBe(ANALYZERS.length)
  for (const { name, dependencies } of ANALYZERS) {
    expect(name).toMatch(/^[a-z_]+$/)
    for (const dependency of dependencies) expect(known).toContain(dependency)
  }
})

test('a circle of dependencies is refused', () => {
  expect(() => chooseAnalyzers([make('a', ['b']), make('b', ['a'])], ['a'])).toThrow('in a circle: a, b')
})

test('an analyzer runs with its own sets and then with those that are given', () => {
  const own: Analyzer = { ...make('a'), listParameters: () => [{ x: 1 }] }
  expect(planParameters(own, DEFAULT_SETTINGS, undefined)).toEqual([{ x: 1 }])
  expect(planParameters(own, DEFAULT_SETTINGS, { y: 2 })).toEqual([{ x: 1 }, { y: 2 }])
  expect(planParameters(make('b'), DEFAULT_SETTINGS, [{ y: 2 }, { z: 3 }])).toEqual([{ y: 2 }, { z: 3 }])
  expect(planParameters(make('b'), DEFAULT_SETTINGS, {})).toEqual([{}])
})

test('settings that cannot be read are told, and the others count', () => {
  const { settings, problems } = readSettings({
    analyzers: { auto_run: ['domain'], watched_domain_score: 7, cdn_domains: { '.x': 'X' } },
    tags: { good: { tags: [] }, bad: 'x' },
    regexFeatures: null,
  })
  expect(settings).toMatchObject({
    autoRun: ['domain'],
    watchedDomainScore: 0.75,
    cdnDomains: { '.x': 'X' },
    tagRules: { good: { tags: [] } },
    regexFeatures: {},
  })
  expect(Object.keys(settings.eventFeatures)).toContain('security_4624_v0')
  expect(problems).toEqual([
    'analyzers.yaml: watched_domain_score: a number from 0 to 1 was expected',
    'tags.yaml: bad: the members of a rule were expected',
  ])
  expect(readSettings({ analyzers: ['x'] }).problems).toEqual(['analyzers.yaml: an object was expected'])
})
