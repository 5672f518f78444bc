import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeChunks, makeLog } from '../../../packages/ingest/src/evtx/testing/evtx-writer.ts'
import { makeVariedRecords } from './varied-records.ts'

const PACKED = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'shared',
  'data',
  'sigmahq-regression.tar.zst',
)

/** Event logs to judge by, in a folder that goes away with this. */
export interface SampleLogs extends AsyncDisposable {
  /** Real ones, each with a JSON file of the same name beside it; or why there are none. */
  readonly real: readonly string[] | { readonly missing: string }
  /** Logs of our own writer. */
  readonly made: readonly string[]
}

/** Unpacks and makes the logs. */
export async function openSampleLogs(): Promise<SampleLogs> {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-readers-'))
  const made = join(folder, 'varied.evtx')
  await writeFile(made, makeLog(makeChunks(makeVariedRecords(2000))))
  return {
    real: unpackReal(folder),
    made: [made],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function unpackReal(folder: string): SampleLogs['real'] {
  if (!existsSync(PACKED)) return { missing: 'the regression data of SigmaHQ is not beside the project' }
  const { status, stderr } = spawnSync('tar', ['--zstd', '-xf', PACKED, '-C', folder], { encoding: 'utf8' })
  if (status !== 0)
    return { missing: `tar cannot unpack the regression data: ${stderr?.trim() ?? 'it is not there'}` }
  return globSync(join(folder, 'regression_data', '**', '*.evtx')).sort()
}
