import { spawn } from 'node:child_process'

/** How many checks of a judge passed. */
export interface JudgeSum {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs one judge, whose output goes on to ours, and reads its sum line; one that ends badly or says no sum has failed. */
export async function runJudge(file: string): Promise<JudgeSum> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (part: string) => {
    process.stdout.write(part)
    text = (text + part).slice(-10_000)
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  const last = [...text.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1)
  if (!last) return { passed: 0, failed: 1, skipped: 0 }
  const failed = Number(last[2])
  return {
    passed: Number(last[1]),
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    skipped: Number(last[3] ?? 0),
  }
}
