import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const SKEIN = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'skein.js')
const SAMPLE_MS = 50

/** What a run of `skein` printed and took. */
export interface SkeinRun {
  readonly stdout: string
  readonly seconds: number
  /** Of all its threads, with its start and what follows the work. */
  readonly processorSeconds: number
  /** Highest resident memory of the process. */
  readonly peakBytes: number
}

/**
 * Runs one `skein` command to its end.
 *
 * @param onProgress - Told each line that it says beside its output. @default they are shown
 * @throws Error When it fails.
 */
export async function runSkein(
  args: readonly string[],
  onProgress?: (line: string) => void,
): Promise<SkeinRun> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [SKEIN, ...args], {
    stdio: ['ignore', 'pipe', onProgress ? 'pipe' : 'inherit'],
  })
  if (onProgress) createInterface({ input: child.stderr! }).on('line', onProgress)
  if (!child.stdout) throw new Error('the command has no output to read')
  let stdout = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    stdout += text
  })
  let peakBytes = 0
  let processorSeconds = 0
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, readPeakBytes(child.pid))
    processorSeconds = Math.max(processorSeconds, readProcessorSecondsIfAny(child.pid))
  }, SAMPLE_MS)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve(exitCode ?? 1))
  })
  clearInterval(sampler)
  if (code !== 0) throw new Error(`skein ${args.join(' ')} ended with code ${code}`)
  return { stdout, seconds: (performance.now() - startedMs) / 1000, processorSeconds, peakBytes }
}

/** A server started for measuring. */
export interface SkeinServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** From the start of the process to the line that says it listens. */
  readonly startMs: number
}

/** Starts `skein serve` on a free port and waits until it answers. */
export async function startServer(dataDirectory: string): Promise<SkeinServer> {
  const startedMs = performance.now()
  const child: ChildProcess = spawn(
    process.execPath,
    [SKEIN, 'serve', '--data', dataDirectory, '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (!child.stdout) throw new Error('the server has no output to read')
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const match = /^listening on (\S+)/.exec(line)
      if (match?.[1]) resolve(match[1])
    })
    child.once('exit', (code) => reject(new Error(`skein serve ended with code ${code}`)))
  })
  const startMs = performance.now() - startedMs
  return {
    url,
    pid: child.pid ?? 0,
    startMs,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Resident memory of a process now. */
export function readResidentBytes(pid: number): number {
  return readStatus(pid, 'VmRSS')
}

/** Processor time that a process has taken, of all its threads. */
export function readProcessorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets, the second field, may have blanks; `utime` and `stime`, in hundredths of a second, are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** 0 where it has ended, or there is no such file. */
function readProcessorSecondsIfAny(pid: number | undefined): number {
  try {
    return pid === undefined ? 0 : readProcessorSeconds(pid)
  } catch {
    return 0
  }
}

function readPeakBytes(pid: number | undefined): number {
  return pid === undefined ? 0 : readStatus(pid, 'VmHWM')
}

// Linux only; 0 elsewhere and for a process that has ended.
function readStatus(pid: number, name: string): number {
  try {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(match?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
