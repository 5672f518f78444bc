const startedMs = performance.now()

/**
 * Says on standard error that a step begins, with the seconds since the start: whoever waits for minutes sees what for.
 *
 * @param step - What begins: `import of 1,000,000 rows of CSV`.
 */
export function tellStep(step: string): void {
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  process.stderr.write(`${String(seconds).padStart(5)} s  ${step}\n`)
}
