import type { ExactJson } from '../../transport/exact-json.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readBare } from '../wire/envelope.ts'
import { isRecord, readRecords, readText, type WireRecord } from '../wire/record.ts'

/** What a sketch says of its case in a name and values. */
export interface SketchAttribute {
  readonly name: string
  /** text, int, float, bool, url.safe, url.bad, domain, intelligence … */
  readonly ontology: string
  readonly values: readonly ExactJson[]
}

/** An indicator that somebody has noted. */
export interface Indicator {
  readonly ioc: string
  readonly type: string
  readonly tags: readonly string[]
  readonly externalUri?: string | undefined
}

/** Where the web interface keeps indicators: attribute and ontology have this name. */
const INTELLIGENCE = 'intelligence'

/** Attributes of a sketch. */
export class Attributes {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#base = path`/sketches/${sketchId}/attribute/`
  }

  async list(options?: CallOptions): Promise<readonly SketchAttribute[]> {
    return toAttributes(readBare(await this.#connection.get(this.#base, options)))
  }

  /** Values of the same name and ontology are replaced. */
  async set(
    attribute: { name: string; values: readonly unknown[]; ontology?: string },
    options?: CallOptions,
  ): Promise<void> {
    await this.#connection.post(this.#base, { ontology: 'text', ...attribute }, options)
  }

  async delete(name: string, ontology: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(this.#base, options, { json: { name, ontology } })
  }

  /** Indicators noted in the sketch. */
  async indicators(options?: CallOptions): Promise<readonly Indicator[]> {
    const attribute = (await this.list(options)).find(({ name }) => name === INTELLIGENCE)
    return (attribute?.values ?? [])
      .filter(isRecord)
      .flatMap((value) => readRecords(value, 'data').map(toIndicator))
  }

  /** Adds to the indicators there are; one of the same kind and text is replaced. */
  async addIndicators(indicators: readonly Indicator[], options?: CallOptions): Promise<void> {
    const key = ({ type, ioc }: Indicator): string => JSON.stringify([type, ioc])
    const all = new Map([...(await this.indicators(options)), ...indicators].map((one) => [key(one), one]))
    const data = [...all.values()].map(({ externalUri, ...rest }) => ({
      ...rest,
      ...(externalUri === undefined ? {} : { externalURI: externalUri }),
    }))
    await this.set({ name: INTELLIGENCE, ontology: INTELLIGENCE, values: [{ data }] }, options)
  }
}

/** A single value is not in a list on the wire. */
export function toAttributes(record: WireRecord): readonly SketchAttribute[] {
  return Object.entries(record).flatMap(([name, attribute]) => {
    if (!isRecord(attribute)) return []
    const value = attribute['value'] ?? null
    return [
      { name, ontology: readText(attribute, 'ontology'), values: Array.isArray(value) ? value : [value] },
    ]
  })
}

function toIndicator(record: WireRecord): Indicator {
  const tags = record['tags']
  return {
    ioc: readText(record, 'ioc'),
    type: readText(record, 'type'),
    // The command line client writes tags as an object.
    tags: Array.isArray(tags) ? tags.map(String) : isRecord(tags) ? Object.keys(tags) : [],
    externalUri: readText(record, 'externalURI') || undefined,
  }
}
