import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What the time until a kill is counted from: the process's start, or what its worker says. */
export type Beginning = 'start' | 'open' | 'done'

/** When a worker is killed. */
export interface Kill {
  readonly from: Beginning
  readonly afterMs: number
  /** A worker that has not said for so long what its kill is counted from hangs, and is killed all the same. */
  readonly patienceMs: number
}

/**
 * Lets a process work and kills it (`SIGKILL`).
 *
 * @param args - Arguments of this Node: the worker's path first.
 * @param note - Takes each line of the worker's output, and gives what it says.
 * @returns Operations that it acknowledged, and whether it hung.
 */
export async function workUntilKilled(
  args: readonly string[],
  { from, afterMs, patienceMs }: Kill,
  note: (line: string) => { readonly is: string },
): Promise<{ readonly acknowledged: number; readonly hasHung: boolean }> {
  const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let hasHung = false
  let acknowledged = 0
  let timer: NodeJS.Timeout | undefined
  const patience = setTimeout(() => {
    hasHung = true
    worker.kill('SIGKILL')
  }, patienceMs)
  const begin = (): void => {
    clearTimeout(patience)
    timer ??= setTimeout(() => worker.kill('SIGKILL'), afterMs)
  }
  if (from === 'start') begin()
  const ended = new Promise<number | null>((resolve) => worker.once('exit', (code) => resolve(code)))
  for await (const line of createInterface({ input: worker.stdout })) {
    const { is } = note(line)
    if (is === 'done') acknowledged += 1
    if (is === from) begin()
  }
  const code = await ended
  clearTimeout(timer)
  clearTimeout(patience)
  if (code !== null) throw new Error(`the worker ended by itself with code ${code}`)
  return { acknowledged, hasHung }
}
