import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Asks a server over Timesketch's API. */
export interface Api {
  readonly url: string
  get(path: string): Promise<Record<string, unknown>>
  post(path: string, body: unknown): Promise<Record<string, unknown>>
  /** As `post`, without reading the answer. */
  open(path: string, body: unknown): Promise<Response>
  /** Sends a form with a file, whose bytes are written to the connection as they are: a client that takes little of the processors. */
  upload(fields: Readonly<Record<string, string | number>>, file: FormFile): Promise<Record<string, unknown>>
}

/** A file of a form. */
export interface FormFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What each request says of who asks. */
export type Credentials = Readonly<Record<string, string>>

/** @param key - An API key that may write. */
export function makeApi(url: string, key: string): Api {
  return makeApiOf(url, { authorization: `Bearer ${key}` })
}

/** @param credentials - Headers of somebody who may write. */
export function makeApiOf(url: string, credentials: Credentials): Api {
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...init.headers, ...credentials }
    const response = await fetch(`${url}/api/v1${path}`, { ...init, headers })
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
    return response
  }
  const post = (path: string, body: unknown): Promise<Response> =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  // Every answer of the API is an object.
  const read = async (response: Response): Promise<Record<string, unknown>> =>
    (await response.json()) as Record<string, unknown>
  return {
    url,
    get: async (path) => await read(await send(path, { method: 'GET' })),
    post: async (path, body) => await read(await post(path, body)),
    open: post,
    upload: async (fields, file) => {
      const boundary = randomBytes(16).toString('hex')
      const pieces = makeForm(boundary, fields, file)
      const sending = request(`${url}/api/v1/upload/`, {
        method: 'POST',
        headers: {
          ...credentials,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': pieces.reduce((sum, piece) => sum + piece.length, 0),
        },
      })
      for (const piece of pieces) sending.write(piece)
      sending.end()
      const [answer] = (await once(sending, 'response')) as [IncomingMessage]
      const body = await text(answer)
      if (answer.statusCode !== 201) throw new Error(`/upload/ was answered ${answer.statusCode}: ${body}`)
      return JSON.parse(body) as Record<string, unknown>
    },
  }
}

/** The first object of an answer. */
export function firstObject(answer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [first] = [answer['objects']].flat(3)
  if (first === null || typeof first !== 'object')
    throw new Error(`an object was expected, found ${JSON.stringify(answer)}`)
  return first as Record<string, unknown>
}

/** The pieces of a form in multipart (RFC 7578), its file the last part. */
function makeForm(
  boundary: string,
  fields: Readonly<Record<string, string | number>>,
  { name, bytes }: FormFile,
): readonly Uint8Array[] {
  const part = (rest: string): string => `--${boundary}\r\nContent-Disposition: form-data; ${rest}`
  const texts = Object.entries(fields).map(([field, value]) => part(`name="${field}"\r\n\r\n${value}\r\n`))
  const head = `${texts.join('')}${part(`name="file"; filename="${name}"`)}\r\n\r\n`
  return [Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]
}
