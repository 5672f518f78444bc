import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

/** A log made by ingest's own writer: events 11 and 12, process starts; behind them, unused, what is left of event 3. */
const LOG_GZ = Buffer.from(
  'H4sIAAAAAAACA+3Y22vcZRrA8e8v85vJ5NC0VgoiWttdrdhlkjQHbT1cZNPUFWstWnWVIk6TqUlNJiWTpC1l12J3WfFCvBGExXX1' +
    'QuuF3ogg4rX0xgMeENR/QPSiFZTejb7vvGOjtRfWil58PxAyh+f3Hp7n+b0zzMTs/h0zszXO5xiQUYA1GRfbx8XjryNJkiRJkn5z' +
    'E7P7x6frj9CTnvem/z99Hn4HOFGGZ7pg16PjD12MuV86fqLDCvy+Nm+GE6Wz9f7Ppuc273v582x1ltGb/fOrjw5sSjUKj/u/eOCp' +
    '+/Z9+dr7f1m6/9McQtRYs/luDneksDd7i0ywTI06i2FAoHQgvfnW6iKHmWOWOg2gmI0yzSKLHORGBhigwSTT1JijSoN+5phhkgXm' +
    'aTDPfhbpZ5J55hjgEDPUGWCIQQYZYYBBtjJA7YfpGz961pE1m+tzOJNWM7+nxN0cocFinBE6xprNL4HLC62I00fL7I6zLzPDFDUW' +
    'gJPAjltSyO1P5+yiyhy1uKE/c8c5S65wX1zqFPMcokGFu6kxyRILzLDIESqMscRUfBYiH6b0vzTBdetybmUpzh8m2MRRRhlhKyNs' +
    '43qGGKUSX7mBrVTiq9sYoUKVUfZRpcIwNYbZxyDDDLGVSYYZZIp/UMiazT+F+zxvzfZNtXNF+W5je8hKH5TyFDiaAi/r6uTemJAG' +
    'M8xTj4EZeQhcDzyYAqfeLbIzVWE2BnW0gq4AjqegiaM5e2LJH4khhdaEG4AXU8ir60vcycFY/amY7I6+vDXS1cA7KezAe2Vup8YR' +
    'DjHPAlOx0Tr6iqzLx5rN3cCZFHrTkz3sYSaWbpwFalRjJ4Q8XxvadmOxFXjz0e4fNUr7IugrcUlIYT9wZ4reUVi1IoV3xUq3VtJO' +
    'Zyfd7bX8K130wtc9jMewhZinamyEVlrjWl5Jgd2nuxljMr69nLqnNW5fmdWFsWYzNPJnKfqN17uY4HDqtrND/i2sk1Ia8pOu1OWT' +
    '1GjQaA/YRbl0TQr697Yye5hOaWrvpa+bctj/UNh/ijxe7WScaarUqbeLXszK5zR9KF0Y5PF04U31cszBHAfjYlt3W0cxW8NuxtlC' +
    'PzUOx3vtILPU6I9BoSohnX8FPkxD/b//3OngqpDIb1PI/p0l7qERZ0mb6eHSQt7Xy8acVWFmSmTk8a/9uMw6ylxCmW7WfF+/8Er4' +
    '6+VSVmUb2b22A0bSYbrhWPs47TnP8Rs68YMcstav68W1tA7V3iw/+ezy850p6uSzy39/u3Lsuf/ef+Xeqz/74tUU9f0t+UI4j1LY' +
    '9se6VjTe9thD1XSqTQCnUtwT8/mKd68JSQmnWTHrYxc1Dv2kGdqnWzgGspDoShrrqrNX9qTCzcWqT7EznmK1eCJkeUgfrCHjCjLG' +
    'uZG9VFM1aysebaBChQWWqLOBLWxprTd8PoXPqVMrvo/8/OfUhVTtVs5btd4LrtqF7XeoNfwpzu63cNH3O3H+/RZ+9X4v/wX7HW4P' +
    'f8qvYZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIkSZIk' +
    'SZIkSZIkSZIkSZIkSZIkSZIkSdIf0ncagAhRABABAA==',
  'base64',
)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-evtx-'))
  await writeFile(join(folder, 'Security.evtx'), gunzipSync(LOG_GZ))
  await writeFile(join(folder, 'cut.evtx'), gunzipSync(LOG_GZ).subarray(0, 6400))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function skein(...args: readonly string[]): Promise<SkeinRun> {
  const run = await tryRun(...args)
  expect(run.exitCode, run.err).toBe(EXIT.ok)
  return run
}

async function tryRun(...args: readonly string[]): Promise<SkeinRun> {
  return await runSkein([...args, '--data', join(folder, 'data')])
}

async function search(sketch: string, query: string): Promise<Record<string, unknown>[]> {
  return JSON.parse((await skein('search', query, '--sketch', sketch, '--json', '--quiet')).out).hits
}

test('an event log is imported by its content and searched by the names of rules and of Plaso', async () => {
  const run = await skein('import', join(folder, 'Security.evtx'), '--sketch', 'plain')
  expect(run.out).toContain('(evtx): 2 read, 2 stored, 0 rejected')
  const [first] = await search('plain', 'EventID:4688 AND CommandLine:"run 12" AND event_identifier:4688')
  expect(first).toMatchObject({
    timeline: 'Security',
    EventRecordID: 12,
    TimeCreated_SystemTime: '2026-03-01T10:00:00.1234567Z',
    message: expect.stringContaining('CommandLine: a.exe --run 12'),
  })
  expect(await search('plain', 'recovered:true OR _exists_:xml_string')).toEqual([])
})

test('records in unused space and XML come on request', async () => {
  const run = await skein('import', join(folder, 'Security.evtx'), '-s', 'carved', '--carve', '--keep-xml')
  expect(run.err).toContain('1 record was recovered by carving')
  const [found] = await search('carved', 'recovered:true')
  expect(found).toMatchObject({
    EventRecordID: 3,
    xml_string: expect.stringContaining('<EventRecordID>3</EventRecordID>'),
  })
})

test('what a cut log has lost is told, and its place is in the file of rejected rows', async () => {
  const rejects = join(folder, 'rejects.jsonl')
  const run = await tryRun('import', join(folder, 'cut.evtx'), '-s', 'cut', '--rejects', rejects, '--json')
  expect(run.exitCode).toBe(EXIT.badInput)
  const detail = expect.stringMatching(/expected record 12, found /)
  expect(JSON.parse(run.out).files).toMatchObject([
    {
      ...{ read: 2, stored: 1, rejected: 1, reasons: { truncated: 1 } },
      first_rejects: { truncated: { line: 12, detail } },
    },
  ])
  expect(JSON.parse(await readFile(rejects, 'utf8'))).toEqual({ record: 12, offset: 6312, size: 88 })
  const told = await tryRun('import', join(folder, 'cut.evtx'), '-s', 'told')
  expect(told.out).toMatch(/^ {2}rejected: 1 truncated\n {2}record 12: .*expected record 12, found /m)
})

test('formats are listed', async () => {
  const run = await skein('import', '--list-formats', '--json')
  expect(JSON.parse(run.out).formats).toContainEqual(expect.objectContaining({ name: 'evtx' }))
})
