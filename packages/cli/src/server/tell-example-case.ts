import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { System } from '@timeskein/server'
import type { Backend } from '../backend/backend.ts'
import { createLocalBackend } from '../backend/local/open-local-backend.ts'
import type { Effects } from '../effects.ts'
import {
  EXAMPLE_QUESTIONS,
  EXAMPLE_SKETCH,
  EXAMPLE_TIMELINES,
  writeExampleCase,
} from '../example-case/example-case.ts'
import { countWords } from '../output/count-words.ts'
import { describeImport } from '../output/import-report.ts'
import { type Prose, prose } from '../output/prose.ts'
import { describeAnswer } from './describe-answer.ts'

/** Incidents of the example case that are told; it has fewer. */
const MAX_TOLD_INCIDENTS = 10

/**
 * Loads the example case when the data directory has no sketch yet, says what became of its rows, and answers its questions. An
 * example case of which an earlier start was stopped is completed; otherwise a later start only says where to go on.
 */
export async function tellExampleCase(
  system: System,
  address: string,
  isQuiet: boolean,
  effects: Effects,
): Promise<void> {
  const tell = async (text: Prose): Promise<void> => {
    if (!isQuiet) await effects.writeOut(text)
  }
  const principal = await system.services.auth.localPrincipal(system.firstAdmin?.username ?? 'admin')
  const backend = createLocalBackend(system, principal)
  const sketches = await backend.listSketches()
  let sketch = sketches.find((one) => one.name === EXAMPLE_SKETCH)
  const ready = sketch ? await listReady(backend, sketch.id) : new Set()
  if (sketches.length > 0 && (!sketch || ready.size >= EXAMPLE_TIMELINES)) {
    const where = sketch ? `: sketch ${sketch.id} "${EXAMPLE_SKETCH}" is where you left it` : ''
    await tell(prose`everything is kept${where}\n`)
    return
  }
  sketch ??= await backend.createSketch(
    EXAMPLE_SKETCH,
    'Made up: a letter, a web shell, and a way out. Some rows are broken on purpose.',
  )
  await tell(prose`\n${EXAMPLE_SKETCH}\n\n`)
  const folder = join(system.dataDirectory, 'example-case')
  for (const file of await writeExampleCase(folder)) {
    if (ready.has(file.timeline)) continue
    const { report } = await backend.importFiles({
      sketchId: sketch.id,
      timeline: file.timeline,
      files: [{ path: file.path }],
      reading: {},
      signal: effects.signal,
      onProgress: () => {},
    })
    await tell(
      describeImport({ ...report, files: report.files.map((one) => ({ ...one, path: file.timeline })) }),
    )
  }
  await rm(folder, { recursive: true, force: true })
  await backend.waitForDetection(sketch.id, effects.signal)
  if (isQuiet) return
  const { total: alerts } = await backend.alerts.list({ sketch: sketch.id }, 1)
  const { items: incidents } = await backend.incidents.list({ sketch: sketch.id }, MAX_TOLD_INCIDENTS)
  await effects.writeOut(
    prose`detection: ${countWords(alerts, 'alert')} in ${countWords(incidents.length, 'incident')}\n`,
  )
  for (const { risk, title } of incidents) await effects.writeOut(prose`  risk ${risk}: ${title}\n`)
  for (const question of EXAMPLE_QUESTIONS) {
    const answer = await backend.search(
      { sketchId: sketch.id, query: question.query, signal: effects.signal },
      { size: 5, sort: 'asc' },
    )
    await effects.writeOut(describeAnswer(question, answer, effects))
  }
  const { key } = await system.services.auth.createApiKey(principal, { name: 'first run', scopes: ['write'] })
  await effects.writeOut(prose`
Go on in another terminal (the key is shown this once):
  export SKEIN_API_KEY=${key}
  npx skein search 'Computer:WS-FIN-07 AND EventID:4688' --sketch ${sketch.id} --server ${address}
  npx skein incident list --sketch ${sketch.id} --server ${address}
  npx skein import your-evidence.csv --sketch mine --server ${address}
Stop with Ctrl-C; a second start keeps everything.
`)
}

async function listReady(backend: Backend, sketchId: number): Promise<ReadonlySet<string>> {
  const timelines = await backend.listTimelines(sketchId)
  return new Set(timelines.filter((line) => line.status === 'ready').map((line) => line.name))
}
