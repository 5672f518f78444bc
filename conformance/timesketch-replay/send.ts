import type { TestAnswer } from '../../packages/server/src/dialects/timesketch/testing/test-server.ts'
import { readFileOf } from './files.ts'
import type { Identities } from './identities.ts'
import type { Sample } from './samples.ts'
import { translateBody, translatePath } from './translate-request.ts'
import type { World } from './world.ts'

/** Samples that were not asked by a user of the recording: who asked them. */
const ASKED_BY: Readonly<Record<string, string>> = {
  'login-page': 'newcomer',
  'login-wrong-password': 'newcomer',
  'login-no-csrf': 'newcomer',
  'login-ok': 'newcomer',
  'login-again': 'newcomer',
  home: 'newcomer',
  'error-csrf-missing': 'newcomer',
  'error-csrf-invalid': 'newcomer',
  logout: 'newcomer',
  'error-308-noslash': 'test',
}
/** Tokens that were sent in place of the right one. */
const TOKENS: Readonly<Record<string, string>> = {
  'error-csrf-missing': '',
  'error-csrf-invalid': 'nonsense',
}
/** Content types of bodies that were sent as they are. */
const RAW_TYPES: Readonly<Record<string, string>> = {
  'error-bad-json': 'application/json',
  'error-wrong-content-type': 'text/plain',
}
/** Where the recording did not go after redirects, as it did everywhere else. */
const NOT_FOLLOWED = /^(error-|login-|logout|home)/

/** Refused in the recording and taken by ours: asked of another sketch, where it leaves nothing for what comes later. */
const ASIDE: ReadonlySet<string> = new Set(['explore-filter-text', 'event-create-no-date'])

/** Asks our server what a sample asked, with our ids in it. */
export async function sendSample(sample: Sample, world: World, identities: Identities): Promise<TestAnswer> {
  const { method, user, path } = sample.request
  const client = world.client(user ?? ASKED_BY[sample.name] ?? 'nobody')
  const body = await makeBody(sample, TOKENS[sample.name] ?? client.token, world, identities)
  const ours = ASIDE.has(sample.name)
    ? path.replace(/sketches\/\d+/, `sketches/${world.earlierSketchId}`)
    : translatePath(path, identities)
  const answer = await client.send(method, ours, body)
  const location = answer.headers.get('location')
  if (location === null || NOT_FOLLOWED.test(sample.name)) return answer
  return await client.send('GET', new URL(location, 'http://localhost').pathname)
}

async function makeBody(
  { name, request }: Sample,
  token: string,
  world: World,
  identities: Identities,
): Promise<RequestInit> {
  if (request.method === 'GET') return {}
  const headers: Record<string, string> = token === '' ? {} : { 'x-csrftoken': token }
  if (request.json !== undefined) {
    headers['content-type'] = 'application/json'
    return { headers, body: JSON.stringify(translateBody(request.json, identities)) }
  }
  if (typeof request.form === 'string') {
    headers['content-type'] = RAW_TYPES[name] ?? 'text/plain'
    return { headers, body: request.form }
  }
  if (request.form === undefined) return { headers }
  const fields = Object.entries(translateBody(request.form, identities) as Record<string, string | number>)
  if (name.startsWith('login-')) {
    const secrets: Readonly<Record<string, string>> = {
      '<PASSWORD>': world.password,
      '<TOKEN>': await world.readToken(),
    }
    const form = new URLSearchParams()
    for (const [key, value] of fields) form.append(key, secrets[value] ?? String(value))
    return { body: form }
  }
  const form = new FormData()
  for (const [key, value] of fields) form.append(key, String(value))
  if (request.file !== undefined) form.append('file', new File([readFileOf(name)], request.file))
  return { headers, body: form }
}
