import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judgeAgainstLibyal } from './artefacts/judge-libyal.ts'
import { judgeAgainstSleuthkit } from './artefacts/judge-sleuthkit.ts'
import { judgeCounts } from './evtx/judge-counts.ts'
import { judgeAgainstCrate } from './evtx/judge-crate.ts'
import { judgeEvtxFuzz } from './evtx/judge-fuzz.ts'
import { judgeAgainstJson } from './evtx/judge-json.ts'
import { openSampleLogs } from './evtx/sample-logs.ts'
import { judgeFuzz } from './fuzz/judge-fuzz.ts'
import { judgeAudit } from './logs/judge-audit.ts'
import { judgeBodyFile } from './logs/judge-bodyfile.ts'
import { judgeLogFuzz } from './logs/judge-fuzz.ts'
import { judgeJournal } from './logs/judge-journal.ts'
import { judgeAgainstPlaso } from './logs/judge-plaso.ts'
import { judgePlasoFuzz } from './plaso/judge-fuzz.ts'
import { judgeAgainstPsort } from './plaso/judge-psort.ts'
import { preparePython } from './python-oracles.ts'
import { Report } from './report.ts'

/**
 * Holds readers against other implementations and against damage.
 * Started as `node conformance/readers/run.ts [--seed N] [--rounds N] [--only NAME] [--failures N]
 * [--artefact 'KIND PATH']...`: hive, logged, mft, prefetch, lnk or compound, a file of one's own.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3000' },
    only: { type: 'string' },
    failures: { type: 'string', default: '10' },
    artefact: { type: 'string', multiple: true, default: [] },
  },
})
// Debian keeps some of the tools where only administrators look.
process.env['PATH'] = [process.env['PATH'], '/usr/sbin', '/sbin'].filter(Boolean).join(':')
const report = new Report(Number(values.failures))
{
  await using logs = await openSampleLogs()
  const checks: Readonly<Record<string, () => Promise<void>>> = {
    'evtx-json': async () => await judgeAgainstJson(logs, report),
    'evtx-crate': async () => await judgeAgainstCrate(logs, await preparePython(), report),
    'evtx-counts': async () => await judgeCounts(logs, await preparePython(), report),
    'plaso-psort': async () =>
      await judgeAgainstPsort(
        await preparePython(join(import.meta.dirname, 'plaso/requirements.txt')),
        report,
      ),
    'plaso-fuzz': async () => await judgePlasoFuzz(Number(values.seed), Number(values.rounds), report),
    'logs-journal': async () => await judgeJournal(report),
    'logs-audit': async () => await judgeAudit(report),
    'logs-bodyfile': async () => await judgeBodyFile(report),
    'logs-plaso': async () =>
      await judgeAgainstPlaso(
        await preparePython(join(import.meta.dirname, 'plaso/requirements.txt')),
        report,
      ),
    'logs-fuzz': async () => await judgeLogFuzz(Number(values.seed), Number(values.rounds), report),
    'artefacts-libyal': async () =>
      await judgeAgainstLibyal(
        await preparePython(join(import.meta.dirname, 'artefacts/requirements.txt')),
        values.artefact,
        report,
      ),
    'artefacts-sleuthkit': async () => await judgeAgainstSleuthkit(report),
    'artefacts-fuzz': async () =>
      await judgeFuzz(Number(values.seed), Number(values.rounds), report, {
        worker: join(import.meta.dirname, 'artefacts/fuzz-worker.ts'),
        what: 'damaged artefacts',
      }),
    'evtx-fuzz': async () => await judgeEvtxFuzz(Number(values.seed), Number(values.rounds), report),
  }
  for (const [name, check] of Object.entries(checks)) {
    if (values.only !== undefined && values.only !== name) continue
    const startedMs = performance.now()
    await check()
    report.say(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  }
}
const { passed, failed, skipped } = report
process.stdout.write(`conformance/readers: ${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exitCode = failed === 0 ? 0 : 1
