import { Buffer } from 'node:buffer'
import { openLiveMatcher, readRuleSet } from '@timeskein/analyze/detect'
import { readEvidence } from '@timeskein/ingest'
import { expect, it } from 'vitest'

const RULES = readRuleSet([
  {
    file: 'rules.yml',
    text: ['linux', 'macos']
      .map(
        (product) =>
          `title: ${product}\nlogsource: {product: ${product}}\ndetection: {f: {id.orig_h: 10.0.0.1}, condition: not f}\n`,
      )
      .join('---\n'),
  },
])
const CHANNEL = 'Linux-Sysmon/Operational'
const TIME = '2026-01-02T03:04:05Z'
const BEAT = { '@timestamp': TIME, message: 'x' }

/** Titles of the rules that find a record once it has been imported. */
async function findTitles(record: object): Promise<{ readonly schema: string; readonly titles: string[] }> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${JSON.stringify(record)}\n`)
  }
  const titles: string[] = []
  let schema = ''
  let target = { index: 'a'.repeat(32), timelineId: 1, profile: { aliases: {}, constants: {} }, firstSeq: 0 }
  for await (const item of readEvidence({ stream: stream(), name: 'records.jsonl' })) {
    if (item.kind === 'file') {
      schema = item.mapping.schema
      target = { ...target, profile: item.mapping.profile }
    } else if (item.kind === 'batch')
      for (const hit of openLiveMatcher(RULES).match(item.batch, target))
        if (hit.kind === 'rule') titles.push(hit.rule.title)
  }
  return { schema, titles }
}

it.each([
  ['winlogbeat-6', { ...BEAT, log_name: CHANNEL, event_id: 1, source_name: 'Linux-Sysmon' }],
  ['winlogbeat', { ...BEAT, winlog: { channel: CHANNEL, event_id: 1 } }],
  ['windows-flat', { ...BEAT, Channel: CHANNEL, EventID: 1, SourceName: 'Linux-Sysmon' }],
  [
    'get-winevent',
    { TimeCreated: TIME, Id: 1, ProviderName: 'Linux-Sysmon', LogName: CHANNEL, Message: 'x' },
  ],
  [
    'evtx-dump',
    {
      Event: {
        System: {
          EventID: 1,
          Channel: CHANNEL,
          Computer: 'h',
          Provider: { '#attributes': { Name: 'Linux-Sysmon' } },
          TimeCreated: { '#attributes': { SystemTime: TIME } },
        },
        EventData: { a: 'b' },
      },
    },
  ],
] as const)(
  'rules of Linux find records of Sysmon for Linux as %s has them, once imported',
  async (schema, record) => {
    expect(await findTitles(record)).toEqual({ schema, titles: ['linux', 'macos'] })
    const windows = JSON.parse(JSON.stringify(record).replaceAll(CHANNEL, 'Security'))
    expect(await findTitles(windows)).toEqual({ schema, titles: [] })
  },
)
