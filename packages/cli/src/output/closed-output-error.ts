/** Whoever read our output has gone (`| head`): there is nothing more to say, and nothing is wrong. */
export class ClosedOutputError extends Error {
  override readonly name = 'ClosedOutputError'

  constructor() {
    super('the reader of standard output has closed it')
  }
}
