// Writes docs/api/skein-openapi.json from what the routes of our own API say of themselves: node scripts/make-openapi.ts
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listRoutes, makeOpenApi, VERSION } from '@timeskein/server'

/** Where the document is checked in. */
export const OPENAPI_PATH: string = join(import.meta.dirname, '..', 'docs', 'api', 'skein-openapi.json')

/** The document as text. */
export function writeOpenApi(): string {
  const descriptions = listRoutes({ setSessionCookie: () => {} }).map((route) => route.description)
  return `${JSON.stringify(makeOpenApi(descriptions, VERSION), undefined, 2)}\n`
}

if (import.meta.main) {
  await mkdir(dirname(OPENAPI_PATH), { recursive: true })
  await writeFile(OPENAPI_PATH, writeOpenApi())
  process.stdout.write(`written: ${OPENAPI_PATH}\n`)
}
