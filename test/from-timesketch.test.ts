import { expect, test } from 'vitest'
import {
  findMissing,
  listOurVerbs,
  readDocument,
  readVerbs,
} from '../conformance/python/official/from-timesketch.ts'
import { loadCommand } from '../packages/cli/src/command-table.ts'

const document = readDocument()

test('every verb and option of the official commands has a line in docs/cli/from-timesketch.md', () => {
  const verbs = readVerbs()
  expect(Object.keys(verbs.timesketch.verbs).length).toBeGreaterThan(30)
  expect(findMissing(verbs, document)).toEqual([])
})

test('a verb, an option and an argument that the document lacks are found', () => {
  const verbs = readVerbs()
  const more = {
    ...verbs,
    timesketch: {
      options: [...verbs.timesketch.options, ['--new-global']],
      verbs: { ...verbs.timesketch.verbs, 'sketch vanish': [], search: [['--label'], ['--new']] },
    },
    timesketch_importer: [['--new-import']],
  }
  expect(findMissing(more, document)).toEqual([
    'timesketch --new-global',
    'search --new',
    'sketch vanish',
    'timesketch_importer --new-import',
  ])
})

test('the verbs of ours that the document names are there', async () => {
  const names = listOurVerbs(document)
  expect(names).toContain('search')
  const unknown: string[] = []
  for (const name of names) if (!(await loadCommand(name))) unknown.push(name)
  expect(unknown).toEqual([])
})
