import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import {
  findMissingTool,
  type OpenSearchNode,
  startOpenSearch,
} from '../conformance/opensearch/opensearch-node.ts'
import { benchAnalyzers } from './analyzers.ts'
import { benchDetect } from './detect/detect.ts'
import { benchEvtx } from './evtx.ts'
import { type Figure, formatFigures } from './figures.ts'
import { benchImport } from './import.ts'
import { benchLogs } from './logs.ts'
import { benchMft } from './mft.ts'
import { benchPlaso } from './plaso.ts'
import { benchPlatforms } from './platforms/bench-platforms.ts'
import { benchSearch } from './search.ts'
import { tellStep } from './tell-step.ts'
import { benchTimesketch } from './timesketch/bench-timesketch.ts'
import { readPeer } from './timesketch/peer.ts'
import { benchTriage } from './triage.ts'
import { benchWork } from './work.ts'

const SUITES = [
  'import',
  'search',
  'work',
  'analyzers',
  'evtx',
  'detect',
  'mft',
  'logs',
  'timesketch',
  'plaso',
  'triage',
  'platforms',
] as const
const PEER_HEAP_MB = 2048

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '1000000' },
    'real-events': { type: 'string', default: '1004643' },
    'peer-events': { type: 'string', default: '200000' },
    'no-peer': { type: 'boolean', default: false },
    // A Timesketch that is up, http://USER:PASSWORD@HOST:PORT: what uploads and the Python packages take there.
    timesketch: { type: 'string' },
    json: { type: 'string' },
  },
})
const unknown = positionals.filter((name) => !SUITES.some((suite) => suite === name))
if (unknown.length > 0) throw new Error(`suites are ${SUITES.join(', ')}; found ${unknown.join(', ')}`)
const wanted = (suite: (typeof SUITES)[number]): boolean =>
  positionals.length === 0 || positionals.includes(suite)
const events = Number(values.events)
const realEvents = Number(values['real-events'])
const peerEvents = Number(values['peer-events'])
const peer = values.timesketch === undefined ? undefined : readPeer(values.timesketch)

const missing = values['no-peer'] ? 'left out by --no-peer' : await findMissingTool()
if (missing !== undefined) process.stdout.write(`no OpenSearch beside ours: ${missing}\n`)
const figures: Figure[] = []
const withNode = async (
  work: (node: OpenSearchNode | undefined) => Promise<readonly Figure[]>,
): Promise<void> => {
  if (missing !== undefined) {
    figures.push(...(await work(undefined)))
    return
  }
  tellStep('an OpenSearch node starts')
  await using node = await startOpenSearch(PEER_HEAP_MB)
  figures.push(...(await work(node)))
}
if (wanted('import'))
  await withNode(async (node) => await benchImport({ events, realEvents, peerEvents }, node))
if (wanted('search')) await withNode(async (node) => await benchSearch({ events, realEvents }, node))
if (wanted('work')) figures.push(...(await benchWork(events)))
if (wanted('analyzers')) figures.push(...(await benchAnalyzers(events)))
if (wanted('evtx')) figures.push(...(await benchEvtx(events)))
if (wanted('detect')) figures.push(...(await benchDetect(events, realEvents)))
if (wanted('mft')) figures.push(...(await benchMft(Math.round(events / 5))))
if (wanted('logs')) figures.push(...(await benchLogs(events)))
if (wanted('timesketch')) figures.push(...(await benchTimesketch(events, peer)))
if (wanted('plaso')) figures.push(...(await benchPlaso(Math.round(events / 5))))
if (wanted('platforms')) figures.push(...(await benchPlatforms(events)))
if (wanted('triage')) figures.push(...(await benchTriage(events)))

const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}`
process.stdout.write(`\n${machine}\n\n${formatFigures(figures)}\n`)
if (values.json !== undefined)
  await writeFile(
    values.json,
    `${JSON.stringify({ at: new Date().toISOString(), machine, events, realEvents, peerEvents, figures }, null, 2)}\n`,
  )
