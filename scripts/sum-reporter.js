// What of the test run failed, named once more behind everything else, and one line that sums all.

/** Closes a run of the test suite: of a long output only the end may be kept. */
export default class SumReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { name?: string, message: string, stack?: string }[]} unhandledErrors - Of no test: they fail the run all the same.
   */
  onTestRunEnd(modules, unhandledErrors) {
    const sum = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    const fail = (/** @type {string} */ what, /** @type {readonly { message: string }[]} */ errors) =>
      console.log(`FAIL ${what}: ${errors.map(({ message }) => message.split('\n', 1)[0]).join('; ')}`)
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result()
        sum[state]++
        if (state === 'failed') fail(`${module.relativeModuleId} > ${test.fullName}`, errors ?? [])
      }
      // A file that cannot be loaded, or whatever stands around its tests, counts as one that failed.
      for (const suite of [module, ...module.children.allSuites()]) {
        const errors = suite.errors()
        if (errors.length === 0) continue
        sum.failed++
        fail(module.relativeModuleId, errors)
      }
    }
    for (const error of unhandledErrors) {
      sum.failed++
      console.log(`FAIL beside the tests: ${error.stack ?? error.message}`)
    }
    const skipped = sum.skipped + sum.pending
    console.log(`tests: ${sum.passed} passed, ${sum.failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  }
}
