import { expect, test } from 'vitest'
import { openBench, runAnalyzer } from '../../testing/run-analyzer.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { featureExtraction } from './feature-extraction.ts'

const regex = (feature_config: object, rows: readonly object[]) =>
  runAnalyzer(featureExtraction, rows, {
    parameters: { plugin_name: 'regex_extraction_plugin', feature_name: 'f', feature_config },
  })
const words = { query_string: '*', attribute: 'message', store_as: 'word', re: '[a-z]+' }
const storedOf = async (more: object, row: object) =>
  (await regex({ ...words, ...more }, [row])).marks.get(0)?.attributes?.['word']

test('the first match is stored as text, with tags and emojis', async () => {
  const { result, marks } = await regex({ ...words, tags: ['t'], emojis: ['ID_BUTTON', 'nonsense'] }, [
    { message: 'b a b' },
    { message: '1' },
  ])
  expect(result).toBe('Feature extraction [f] extracted 1 features.')
  expect([...marks]).toEqual([[0, { attributes: { word: 'b' }, tags: ['t'], emojis: ['ID_BUTTON'] }]])
})

test.each([
  ['a group is what is caught', { re: 'x([a-z])' }, { message: 'xa' }, 'a'],
  ['flags of Python', { re: 'A', re_flags: ['re.IGNORECASE'] }, { message: 'a' }, 'a'],
  ['all matches', { keep_multimatch: true }, { message: 'b a b' }, 'a,b'],
  ['all matches as a list', { keep_multimatch: true, store_type_list: true }, { message: 'b a' }, ['a', 'b']],
  ['one as a list', { store_type_list: true }, { message: 'b a' }, ['b']],
  ['beside what is there', { overwrite_and_merge_store_as: true }, { message: 'a', word: 'z' }, 'z,a'],
  ['in a list that is there', {}, { message: 'a', word: ['z'] }, ['a']],
  ['of a list', { attribute: 'list' }, { message: 'x', list: ['1', 'b'] }, 'b'],
  ['not over what is there', { overwrite_store_as: false }, { message: 'a', word: 'z' }, undefined],
])('%s', async (_, more, row, stored) => {
  expect(await storedOf(more, row)).toEqual(stored)
})

test.each([
  [{ re: '(' }, 'rule f: an expression in the syntax of RE2 was expected, found "("'],
  [{ re: '(?=x)' }, 'an expression in the syntax of RE2'],
  [{ attribute: '' }, 'feature f: its "attribute" is needed'],
  [{ query_string: '' }, 'query_string or query_dsl is needed'],
  [{ query_string: 'a:(' }, 'its query cannot be read'],
])('%j fails and says why', async (more, message) => {
  await expect(storedOf(more, { message: 'x' })).rejects.toThrow(message)
})

test('every shipped feature of both kinds runs', async () => {
  const sets = featureExtraction.listParameters!(DEFAULT_SETTINGS)
  await using bench = await openBench([{ message: 'x' }])
  for (const parameters of sets) {
    const { result } = await bench.run(featureExtraction, { parameters })
    expect(result).toContain(`[${parameters['feature_name']}] extracted 0 features.`)
  }
})

test('shipped features read what SSH says', async () => {
  const rows = [
    'Accepted publickey for eve from 10.0.0.7 port 51234 ssh2',
    'Failed password for invalid user bob from 2001:db8::1 port 22 ssh2',
    'Disconnected from user eve 10.0.0.7 port 51234',
  ].map((body) => ({ message: `[sshd] ${body}`, body, reporter: 'sshd' }))
  const found: Record<string, unknown>[] = [{}, {}, {}]
  await using bench = await openBench(rows)
  for (const parameters of featureExtraction.listParameters!(DEFAULT_SETTINGS)) {
    const { marks } = await bench.run(featureExtraction, { parameters })
    for (const [at, { attributes }] of marks) Object.assign(found[at]!, attributes)
  }
  const eve = { username: 'eve', ip_address: '10.0.0.7', port: '51234' }
  expect(found).toEqual([
    { ...eve, authentication_method: 'publickey', client_ip: '10.0.0.7' },
    { username: 'bob', ip_address: '2001:db8::1', port: '22', authentication_method: 'password' },
    eve,
  ])
})

const LOGOFF = {
  source_name: ['Provider'],
  provider_identifier: ['{GUID-1}'],
  event_identifier: 4634,
  event_version: 0,
  mapping: [
    { name: 'target_user_name', string_index: 0, aliases: ['username'] },
    { name: 'session_id', string_index: 1, data_name: 'SessionID' },
  ],
}
const winevt = (feature_config: object, rows: readonly object[]) =>
  runAnalyzer(featureExtraction, rows, {
    parameters: { plugin_name: 'winevt_extraction_plugin', feature_name: 'f', feature_config },
  })

test('data of Windows events get names, whether they came in order or by names', async () => {
  const event = {
    source_name: 'Provider',
    provider_identifier: '{guid-1}',
    event_identifier: 4634,
    event_version: 0,
    message: 'x',
  }
  const { result, marks } = await winevt(LOGOFF, [
    { ...event, strings: ['eve', 7] },
    { ...event, TargetUserName: 'bob', SessionID: '8' },
    { ...event, strings: ['only'] },
    event,
    { ...event, event_version: 1, strings: ['no', 'no'] },
  ])
  expect(result).toBe('winevt feature extraction: [f] extracted 3 features.')
  expect([...marks]).toEqual([
    [0, { attributes: { target_user_name: 'eve', username: 'eve', session_id: 7 } }],
    [1, { attributes: { target_user_name: 'bob', username: 'bob', session_id: '8' } }],
    [
      2,
      {
        attributes: { target_user_name: 'only', username: 'only' },
        comment:
          "Analyzer[winevt_extraction_plugin]: [f] The index '1' for field 'session_id' does not exist in strings!",
      },
    ],
  ])
})

test.each([
  [
    { source_name: 'x', provider_identifier: undefined, event_identifier: 'y' },
    '"event_identifier" is needed',
  ],
  [{ source_name: [], provider_identifier: [] }, '"source_name" or "provider_identifier" is needed'],
  [{ mapping: [] }, '"mapping" is needed'],
  [{ mapping: [{ name: 'x', string_index: -1 }] }, 'mapping 1: a "name" and a "string_index"'],
  [{ mapping: [null] }, 'mapping 1'],
])('a feature with %j fails and says why', async (more, message) => {
  await expect(winevt({ ...LOGOFF, ...more }, [{ message: 'x' }])).rejects.toThrow(message)
})

test('without a plugin or a name it says what was expected', async () => {
  await expect(runAnalyzer(featureExtraction, [], { parameters: { feature_name: 'f' } })).rejects.toThrow(
    'regex_extraction_plugin or winevt_extraction_plugin was expected',
  )
  await expect(runAnalyzer(featureExtraction, [])).rejects.toThrow('"feature_name" is needed')
})
