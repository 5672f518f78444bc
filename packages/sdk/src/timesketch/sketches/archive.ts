import { type FileAccess, needFiles } from '../../files/file-access.ts'
import { path } from '../../transport/path.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readMeta } from '../wire/envelope.ts'
import { readFlag, readRecord } from '../wire/record.ts'

/** Puts a sketch away and takes it out again. */
export class Archive {
  readonly #client: Client
  readonly #place: string

  constructor(client: Client, sketchId: number) {
    this.#client = client
    this.#place = path`/sketches/${sketchId}/archive/`
  }

  /** Whether the sketch is put away, and which indices are. */
  async get(
    options?: CallOptions,
  ): Promise<{ readonly isArchived: boolean; readonly indices: Readonly<Record<string, boolean>> }> {
    const meta = readMeta(await this.#client.connection.get(this.#place, options))
    const indices = Object.entries(readRecord(meta, 'timelines'))
    return {
      isArchived: readFlag(meta, 'is_archived'),
      indices: Object.fromEntries(indices.map(([name, isArchived]) => [name, isArchived === true])),
    }
  }

  /** Its events can no longer be searched; nothing is lost. */
  async archive(options?: CallOptions): Promise<void> {
    await this.#client.connection.post(this.#place, { action: 'archive' }, options)
  }

  async unarchive(options?: CallOptions): Promise<void> {
    await this.#client.connection.post(this.#place, { action: 'unarchive' }, options)
  }

  /** Everything of the sketch as the server's ZIP: stories, aggregations, saved searches with their events, marked events. */
  async download(options?: CallOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const request = {
      method: 'POST',
      path: this.#place,
      json: { action: 'export' },
      isQuestion: true,
    } as const
    return await this.#client.connection.stream(request, options)
  }

  /** The same into a file. @param target - A stream, or a path where the client has files. */
  async toFile(target: string | WritableStream<Uint8Array>, options?: CallOptions): Promise<void> {
    const stream = await openTarget(target, this.#client.files)
    const body = await this.download(options).catch(async (error: unknown) => {
      await stream.abort(error)
      throw error
    })
    await body.pipeTo(stream)
  }
}

async function openTarget(
  target: string | WritableStream<Uint8Array>,
  files: FileAccess | undefined,
): Promise<WritableStream<Uint8Array>> {
  return typeof target === 'string' ? await needFiles(files).write(target) : target
}
