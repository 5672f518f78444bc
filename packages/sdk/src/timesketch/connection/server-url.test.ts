import { expect, test } from 'vitest'
import { connectTo, makeFakeServer } from '../testing/fake-server.ts'
import { readServerUrl } from './server-url.ts'

test.each([
  ['https://a.example/', 'https://a.example'],
  ['http://127.0.0.1:5077/base/?x=1', 'http://127.0.0.1:5077/base'],
  ['https://ann:secret@a.example', 'https://a.example'],
])('%s', (text, url) => {
  expect(readServerUrl(text)).toBe(url)
})

test.each([
  ['127.0.0.1:5077', 'as https://127.0.0.1:5077; found "127.0.0.1:5077"'],
  ['localhost:5077', 'as https://localhost:5077; found "localhost:5077"'],
  ['ftp://a.example', 'found "ftp://a.example"'],
  ['ann:secret@a example', 'found "…@a example"'],
  ['', 'found nothing'],
])('%j is told, with what is expected', async (url, told) => {
  const error: unknown = await connectTo(makeFakeServer({}), { url }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'ConfigError', code: 'bad-config' })
  expect(String(error)).toContain(told)
  expect(String(error)).not.toContain('secret')
})

test('where a file has it, the file is named', () => {
  expect(() => readServerUrl('a.example', { path: '/home/ann/.timesketchrc', section: 'lab' })).toThrow(
    '/home/ann/.timesketchrc, section [lab], host_uri: the address',
  )
})
