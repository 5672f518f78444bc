import type { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import type { TextKernel } from '../batch/text-kernel.ts'
import type { StretchNote } from '../pipeline/stretch.ts'
import type { ArtefactFormat } from './artefact-format.ts'
import { ARTEFACT_FORMATS } from './artefact-formats.ts'
import { ArtefactSink } from './artefact-sink.ts'

/** Reads artefacts of one format into a writer's rows. */
export class ArtefactRowReader {
  readonly #format: ArtefactFormat
  readonly #sink: ArtefactSink

  /** @param name - Of a format in `ARTEFACT_FORMATS`. */
  constructor(writer: RowWriter, name: string, kernel: TextKernel | undefined) {
    const format = ARTEFACT_FORMATS.find((one) => one.name === name)
    if (!format) throw new Error(`There is no artefact ${name}.`)
    this.#format = format
    this.#sink = new ArtefactSink(
      writer,
      kernel,
      format.times.map(([field]) => field),
    )
  }

  read(bytes: Buffer): void {
    this.#format.read(bytes, this.#sink)
  }

  /** What was noted since the last call. */
  takeNotes(): readonly StretchNote[] {
    return this.#sink.takeNotes()
  }
}
