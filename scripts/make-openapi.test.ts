import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { OPENAPI_PATH, writeOpenApi } from './make-openapi.ts'

test('the checked-in OpenAPI document says what the routes say; node scripts/make-openapi.ts writes it anew', async () => {
  expect(await readFile(OPENAPI_PATH, 'utf8')).toBe(writeOpenApi())
})

test('every operation says who may call it, what it answers, and names its path parameters', () => {
  const document: {
    paths: Record<
      string,
      Record<string, { summary: string; 'x-permission': string; parameters?: { name: string }[] }>
    >
  } = JSON.parse(writeOpenApi())
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  )
  expect(operations.length).toBeGreaterThan(30)
  for (const { path, operation } of operations) {
    expect(operation.summary, path).not.toBe('')
    expect(operation['x-permission'], path).toMatch(/^(public|user|admin|sketch:(read|write|delete))$/)
    const named = operation.parameters?.map((parameter) => parameter.name) ?? []
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(named, path).toContain(name)
  }
})
