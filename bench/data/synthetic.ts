import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Where made data is kept between runs; git ignores it. */
export const DATA_FOLDER: string = join(import.meta.dirname, '..', '..', '.cache', 'bench')

const FIRST_US = Date.UTC(2024, 0, 1) * 1000
const STEP_US = 7_000_000
const ACTIONS = ['accepted', 'failed', 'closed', 'opened', 'denied', 'started', 'stopped', 'created'] as const
const HOST_COUNT = 400
const USER_COUNT = 1500

/**
 * Makes synthetic events of about 520 bytes as JSON lines, the same for the same count on every machine: half of them SSH
 * log-ons, 400 hosts, 1,500 users, seven seconds apart. Made once, then reused.
 *
 * @returns The file's path.
 */
export async function makeSyntheticJsonLines(eventCount: number): Promise<string> {
  return await makeOnce(`synthetic-${eventCount}.jsonl`, function* () {
    for (let row = 0; row < eventCount; row += 1) yield `${JSON.stringify(makeEvent(row))}\n`
  })
}

/** The same events' main fields as CSV rows of about 400 bytes. */
export async function makeSyntheticCsv(rowCount: number): Promise<string> {
  return await makeOnce(`synthetic-${rowCount}.csv`, function* () {
    yield 'datetime,timestamp_desc,message,data_type,hostname,username,source_ip,status,bytes,command_line,user_agent\n'
    for (let row = 0; row < rowCount; row += 1) {
      const event = makeEvent(row)
      yield `${event.datetime},${event.timestamp_desc},"${event.message}",${event.data_type},${event.hostname},${event.username},${event.source_ip},${event.status},${event.bytes},"${event.command_line}","Mozilla/5.0 (X11; Linux x86_64) tool/${event.bytes} (policy check; ${event.hostname})"\n`
    }
  })
}

function makeEvent(row: number) {
  const mixed = mix(row)
  const action = ACTIONS[mixed % ACTIONS.length] ?? 'accepted'
  const host = `host-${String((mixed >>> 3) % HOST_COUNT).padStart(3, '0')}.corp.example`
  const user = `user${String(mix(row + 7) % USER_COUNT).padStart(4, '0')}`
  const address = `10.${mixed & 255}.${(mixed >>> 8) & 255}.${(mixed >>> 16) & 255}`
  const port = 1024 + (mix(row + 13) % 60_000)
  return {
    datetime: new Date((FIRST_US + row * STEP_US) / 1000).toISOString(),
    timestamp_desc: 'Content Modification Time',
    message: `[sshd] ${action} password for ${user} from ${address} port ${port} ssh2: session ${mix(row + 29).toString(16)} on ${host} by policy ${mixed % 97}`,
    data_type: mixed % 2 === 0 ? 'syslog:line' : 'windows:evtx:record',
    hostname: host,
    username: user,
    source_ip: address,
    status: mixed % 5 === 0 ? 500 : 200,
    bytes: mix(row + 41) % 1_000_000,
    command_line: `C:\\Program Files\\Tool ${mixed % 31}\\bin\\tool${mixed % 31}.exe --run ${mix(row + 53).toString(36)} --as ${user}`,
    event_identifier: 4600 + (mixed % 60),
    inode: mix(row + 61),
  }
}

function mix(value: number): number {
  let mixed = (value + 0x9e3779b9) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

// Written under another name first: a run that was interrupted leaves nothing that looks complete.
async function makeOnce(name: string, makeLines: () => Generator<string>): Promise<string> {
  const path = join(DATA_FOLDER, name)
  if (existsSync(path)) return path
  await mkdir(DATA_FOLDER, { recursive: true })
  const partial = `${path}.partial`
  const output = createWriteStream(partial)
  let pending = ''
  for (const line of makeLines()) {
    pending += line
    if (pending.length > 1 << 20) {
      if (!output.write(pending)) await once(output, 'drain')
      pending = ''
    }
  }
  output.end(pending)
  await once(output, 'close')
  await rename(partial, path)
  return path
}
