import type { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import type { TextKernel } from '../batch/text-kernel.ts'
import type { StretchNote } from '../pipeline/stretch.ts'
import type { ArtefactFormat, ArtefactLayout } from './artefact-format.ts'
import { ARTEFACT_FORMATS } from './artefact-formats.ts'
import { ArtefactSink } from './artefact-sink.ts'

/** Reads artefacts of one format into a writer's rows. */
export class ArtefactRowReader {
  readonly #format: ArtefactFormat
  readonly #sink: ArtefactSink

  /** @throws {Error} Where the layout's name is that of no format in `ARTEFACT_FORMATS`. */
  constructor(writer: RowWriter, { name, inside }: ArtefactLayout, kernel: TextKernel | undefined) {
    const format = ARTEFACT_FORMATS.find((one) => one.name === name)
    if (!format) throw new Error(`There is no artefact ${name}.`)
    this.#format = format
    this.#sink = new ArtefactSink(
      writer,
      kernel,
      format.times.map(([field]) => field),
      inside,
    )
  }

  /** Reads all of it. Where a format fails of its bytes in a way that it does not know, what it kept stays and the rest is told as lost. */
  read(bytes: Buffer): void {
    try {
      this.#format.read(bytes, this.#sink)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const detail = `the rest of the ${this.#format.title} cannot be read: ${error.message}`
      this.#sink.reject(0, 'bad-record', detail, 0)
    }
  }

  /** What was noted since the last call. */
  takeNotes(): readonly StretchNote[] {
    return this.#sink.takeNotes()
  }
}
