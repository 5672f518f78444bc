import { readWholeNumber } from '../arguments.ts'
import type { AuditRow, Backend } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { formatTable } from '../output/table.ts'

const DEFAULT_LIMIT = 50

/** `skein audit`: for administrators; what was asked is told, never what was found. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'Who did, asked and took out what, newest first.',
  usage: ['[options]'],
  options: {
    user: { type: 'string', value: 'NAME', help: 'acts of this user, also logins that failed' },
    action: { type: 'string', value: 'ACTION', help: "one action, or all of a kind ('event.*')" },
    sketch: { type: 'string', short: 's', value: 'NAME|ID', help: 'acts in this sketch' },
    from: { type: 'string', value: 'T', help: 'not before this time (2024-01-31, now-7d)' },
    to: { type: 'string', value: 'T', help: 'not after this time (a day means its end)' },
    limit: { type: 'string', short: 'n', value: 'N', help: `entries to print (default ${DEFAULT_LIMIT})` },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    { line: 'skein audit --action event.search --sketch case', says: 'who asked what of this sketch' },
    { line: 'skein audit --action login --from now-1d', says: 'who logged in today, or could not' },
  ],
  run: runAudit,
}

async function runAudit(call: CommandCall, effects: Effects): Promise<number> {
  const [word] = call.positionals
  if (word !== undefined)
    throw new CliError(
      `nothing but options is expected, found "${word}". See: skein audit --help`,
      EXIT.usage,
    )
  await using backend = await openBackend(call, effects, { mustExist: true })
  const entries = await backend.listAudit(
    {
      user: call.text('user'),
      action: call.text('action'),
      sketch: await findSketchId(call, backend),
      from: call.text('from'),
      to: call.text('to'),
    },
    readWholeNumber(call, 'limit', 1) ?? DEFAULT_LIMIT,
  )
  if (call.flag('json')) await effects.writeData(`${JSON.stringify(entries)}\n`)
  else
    await effects.writeOut(
      formatTable(
        ['at (UTC)', 'user', 'by', 'from', 'action', 'on', 'result', 'what'],
        entries.map((entry) => [
          entry.at.slice(0, 19).replace('T', ' '),
          entry.user,
          describeWay(entry),
          entry.address,
          entry.action,
          entry.subject,
          entry.result,
          describeDetails(entry),
        ]),
        { width: effects.columns, color: false, whole: ['at (UTC)'] },
      ),
    )
  return EXIT.ok
}

/** An administrator may ask about any sketch, also one that is deleted: by its id, which need not be looked up. */
async function findSketchId(call: CommandCall, backend: Backend): Promise<number | undefined> {
  const nameOrId = call.text('sketch')
  if (nameOrId === undefined) return undefined
  return /^\d{1,15}$/.test(nameOrId) ? Number(nameOrId) : (await backend.findSketch(nameOrId)).id
}

/** How somebody came in: `session (timesketch)`, `key 3 (skein)`, `local`. */
function describeWay({ via, key, dialect }: AuditRow): string {
  const way = key === undefined ? via : `key ${key}`
  return dialect === undefined ? way : `${way} (${dialect})`
}

/** The question where there is one, else the facts as JSON. */
function describeDetails({ details }: AuditRow): string {
  const { query, ...rest } = details
  const facts = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest)
  return typeof query === 'string' ? `${query}  ${facts}`.trimEnd() : facts
}
