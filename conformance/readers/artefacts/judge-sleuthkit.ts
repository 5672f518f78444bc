import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readArtefact } from '../../../packages/ingest/src/artefacts/testing/read-artefact.ts'
import type { Report } from '../report.ts'

const IMAGE_BYTES = 24 * 1024 * 1024
const FILES = 40
/** Programs of Debian's packages ntfs-3g and sleuthkit. */
const TOOLS = ['mkntfs', 'ntfscp', 'icat', 'fls'] as const

/** A real NTFS volume's $MFT has the names and the times that sleuthkit finds on the volume. */
export async function judgeAgainstSleuthkit(report: Report): Promise<void> {
  const missing = TOOLS.find((tool) => spawnSync(tool, ['--version']).error)
  if (missing !== undefined) {
    report.skip(`${missing} is not on this machine (Debian: ntfs-3g, sleuthkit)`)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-ntfs-'))
  try {
    const image = join(folder, 'image')
    await writeFile(image, '')
    await truncate(image, IMAGE_BYTES)
    run('mkntfs', ['-F', '-Q', '-q', image])
    for (let i = 0; i < FILES; i++) {
      const path = join(folder, `file ${i}`)
      await writeFile(path, `content ${i}\n`.repeat(i + 1))
      run('ntfscp', ['-q', '-f', image, path, `a file of number ${i} with a name.txt`])
    }
    const { events } = await readArtefact(run('icat', [image, '0']))
    const ours = new Set(events.flatMap(showEvents))
    const body = run('fls', ['-r', '-m', '/', image]).toString('utf8').trim().split('\n')
    for (const line of body) {
      const shown = showLine(line)
      if (shown === undefined) continue
      const lacking = shown.filter((one) => !ours.has(one))
      if (lacking.length === 0) report.pass()
      else report.fail(`sleuthkit's "${line}" is not among ours: ${lacking.join(', ')}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(tool: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(tool, args, { maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`${tool} ended with ${status}: ${stderr.toString()}`)
  return stdout
}

/** What sleuthkit makes of a FILETIME of 0, in 32 bits. */
const NO_TIME = '3373865674'

const TIME_FIELDS = ['access_time', 'modification_time', 'entry_modification_time', 'creation_time'] as const

/** `inode|kind of attribute|path|time|seconds`, for each time of an event's attribute. */
function showEvents(event: Readonly<Record<string, unknown>>): readonly string[] {
  // Every event of a table has its paths.
  const hints = (event['path_hints'] ?? []) as readonly string[]
  return hints.flatMap((hint) =>
    TIME_FIELDS.map(
      (field) =>
        `${event['inode']}|${event['attribute_type']}|${hint.replaceAll('\\', '/')}|${field}|${Math.floor(Date.parse(String(event[field])) / 1000)}`,
    ),
  )
}

/** The same of a line of a body file; undefined for what is no entry of the table (orphans, streams). */
function showLine(line: string): readonly string[] | undefined {
  const [, name = '', inode = '', , , , , ...times] = line.split('|')
  const [number, attribute] = inode.split('-')
  const isName = name.endsWith(' ($FILE_NAME)')
  const path = name.replace(/ \(\$FILE_NAME\)$/, '').replace(/ \(deleted\)$/, '')
  if (
    attribute === undefined ||
    path.includes(':') ||
    path.startsWith('/$OrphanFiles') ||
    path.endsWith('/.')
  )
    return undefined
  return times.flatMap((seconds, i) =>
    seconds === NO_TIME ? [] : [`${number}|${isName ? 48 : 16}|${path}|${TIME_FIELDS[i]}|${seconds}`],
  )
}
