import { DomainError } from '../errors/domain-error.ts'

/**
 * The lines of a body, as text, as they arrive; empty ones are left out.
 *
 * @param maxLength - Of one line, in UTF-16 units.
 * @throws {DomainError} `too-large` (`line-too-long`).
 */
export async function* readLines(body: AsyncIterable<Uint8Array>, maxLength: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const bytes of body) {
    const lines = (pending + decoder.decode(bytes, { stream: true })).split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) yield* checkLine(line, maxLength)
    if (pending.length > maxLength) throw tooLong(maxLength)
  }
  yield* checkLine(pending + decoder.decode(), maxLength)
}

function* checkLine(line: string, maxLength: number): Generator<string> {
  if (line.length > maxLength) throw tooLong(maxLength)
  if (line.trim() !== '') yield line
}

function tooLong(maxLength: number): DomainError {
  return new DomainError('too-large', 'line-too-long', `A line has at most ${maxLength} characters.`, {
    details: { limit: maxLength },
  })
}
