import type { ApiDetectionReport, ApiDetectRequest } from '@timeskein/model'
import { path } from '../transport/path.ts'
import type { CallOptions, SendJson } from './skein-client.ts'

/** Rules run over the events of sketches. */
export class Detections {
  readonly #send: SendJson

  constructor(send: SendJson) {
    this.#send = send
  }

  /** Resolves when hits, alerts and incidents are stored. */
  async run(
    sketchId: number,
    request: ApiDetectRequest = {},
    options: CallOptions = {},
  ): Promise<ApiDetectionReport> {
    return await this.#send({
      method: 'POST',
      path: path`/sketches/${sketchId}/detect`,
      json: request,
      signal: options.signal,
    })
  }

  /** What a run would find; nothing is stored, and reading the sketch is enough. */
  async preview(
    sketchId: number,
    request: Omit<ApiDetectRequest, 'dryRun'> = {},
    options: CallOptions = {},
  ): Promise<ApiDetectionReport> {
    return await this.#send({
      method: 'POST',
      path: path`/sketches/${sketchId}/detect/preview`,
      json: request,
      signal: options.signal,
    })
  }

  /** The report of a run. @param run - @default 'latest' */
  async getReport(sketchId: number, run = 'latest', options: CallOptions = {}): Promise<ApiDetectionReport> {
    return await this.#send({
      method: 'GET',
      path: path`/sketches/${sketchId}/detections/${run}`,
      signal: options.signal,
    })
  }

  /** Whether events are looked at as they come. @param options.wait - Waits for those that came, and gives the report. */
  async readState(
    sketchId: number,
    options: CallOptions & { readonly wait?: boolean } = {},
  ): Promise<{ readonly live: boolean; readonly report?: ApiDetectionReport }> {
    return await this.#send({
      method: 'GET',
      path: path`/sketches/${sketchId}/detection`,
      query: { wait: options.wait },
      signal: options.signal,
    })
  }

  async setLive(sketchId: number, live: boolean, options: CallOptions = {}): Promise<void> {
    await this.#send({
      method: 'PATCH',
      path: path`/sketches/${sketchId}/detection`,
      json: { live },
      signal: options.signal,
    })
  }
}
