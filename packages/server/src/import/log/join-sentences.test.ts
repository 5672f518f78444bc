import { expect, test } from 'vitest'
import { joinSentences } from './join-sentences.ts'

test('what the log does not keep of an import is counted', () => {
  const refused = Array.from({ length: 60 }, (_, i) => ({
    path: `a.zip!${i}`,
    reason: 'it is empty',
    refusal: 'not-understood' as const,
  }))
  const lines = joinSentences({ problems: [], refused }, [])!.split('\n')
  expect(lines).toHaveLength(51)
  expect(lines[49]).toBe('a.zip!49 was not read: it is empty.')
  expect(lines[50]).toBe('There is more to say (10 sentences), which is not kept.')
  expect(joinSentences({ problems: [], refused: refused.slice(0, 50) }, [])!.split('\n')).toHaveLength(50)
  expect(joinSentences({ problems: [], refused: [] }, [])).toBeUndefined()
})
