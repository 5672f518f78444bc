import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One exchange with a real server, as `record_samples.py` wrote it: long lists, objects and texts are cut and say so. */
export interface Sample {
  readonly name: string
  readonly request: RecordedRequest
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What was asked. */
export interface RecordedRequest {
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** `test`, `test2` or `admin`; missing where nobody had signed in by the usual way. */
  readonly user?: string
  readonly json?: unknown
  /** Fields of a form; a bare text was sent as it is. */
  readonly form?: Readonly<Record<string, string | number>> | string
  /** Name of the file that was sent; its content is not recorded. */
  readonly file?: string
}

/**
 * Every recorded exchange in the order in which it was recorded: the rows of the folder's README.
 *
 * @returns Undefined when the folder is not there.
 */
export function readSamples(folder: string): readonly Sample[] | undefined {
  const table = join(folder, 'README.md')
  if (!existsSync(table)) return undefined
  const names = [...readFileSync(table, 'utf8').matchAll(/^\| ([a-z][a-z0-9-]*) \|/gm)].map(
    ([, name]) => name!,
  )
  return names.map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) }))
}

/** The day of the recording, `2026-11-21`: what shows that a text is a time of the recording itself. */
export function readDay(samples: readonly Sample[]): string {
  const made = samples.find(({ name }) => name === 'sketch-create')
  const day = /"created_at": ?"(\d{4}-\d\d-\d\d)T/.exec(JSON.stringify(made?.body, undefined, 1))?.[1]
  if (day === undefined)
    throw new Error('the sample sketch-create has no created_at: cannot tell the day of the recording')
  return day
}

/** Colours that requests asked for. */
export function readColours(samples: readonly Sample[]): ReadonlySet<string> {
  const colours = samples.map(({ request }) => (request.json as { color?: unknown } | undefined)?.color)
  return new Set(colours.filter((colour) => typeof colour === 'string'))
}
