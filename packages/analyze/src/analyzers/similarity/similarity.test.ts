import { expect, test } from 'vitest'
import { runAnalyzer } from '../../testing/run-analyzer.ts'
import { SimilarTexts } from './similar-groups.ts'
import { similarityScorer } from './similarity-scorer.ts'

test('what is like many others has a high score, what is alone a low one', async () => {
  const usual = Array.from({ length: 9 }, (_, n) => ({
    data_type: 'log',
    message: `connection from host number ${n} was accepted by the server as usual today`,
  }))
  const rows = [
    ...usual,
    { data_type: 'log', message: 'zmap scan/found-nothing' },
    { data_type: 'other', message: 'x' },
  ]
  const { result, marks } = await runAnalyzer(similarityScorer, rows, { parameters: { data_type: 'log' } })
  expect(result).toBe('Similarity scorer processed 10 events for data_type log')
  const scores = Array.from({ length: 10 }, (_, at) => marks.get(at)?.attributes?.['similarity_score'])
  expect(scores).toEqual([...usual.map(() => 0.9), 0.1])
  expect(marks.has(10)).toBe(false)
})

test('it needs a data type', async () => {
  expect((await runAnalyzer(similarityScorer, [])).result).toBe('No data_type specified.')
})

test('equal texts are kept once and counted', async () => {
  const texts = new SimilarTexts()
  for (let n = 0; n < 1000; n++) texts.add(['a', 'b', n % 2 === 0 ? 'a' : 'b'])
  texts.add(Array.from({ length: 200_000 }, (_, n) => `word${n}`))
  expect([texts.size, texts.total]).toEqual([2, 1001])
  const counts = await texts.countNeighbours(async () => {})
  expect(counts[texts.placeOf(['b', 'a'])!]).toBe(1000)
  expect(texts.placeOf(['c'])).toBeUndefined()
})
