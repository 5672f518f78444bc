import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFileAsLog } from '../logs/testing/read-log.ts'
import { loopTable } from '../sqlite/testing/loop-table.ts'

let path: string
let database: DatabaseSync
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-browser-'))
  path = join(folder, 'evidence')
  database = new DatabaseSync(path)
})
afterEach(() => {
  if (database.isOpen) database.close()
  rmSync(folder, { recursive: true })
})

/** 2024-03-01T10:00:00.123456Z in microseconds since 1970 and since 1601. */
const POSIX_US = 1_709_287_200_123_456n
const WEBKIT_US = POSIX_US + 11_644_473_600_000_000n
const ISO = '2024-03-01T10:00:00.123456+00:00'

const CHROME = `
  CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT, visit_count INTEGER, typed_count INTEGER, last_visit_time INTEGER, hidden INTEGER);
  CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER, from_visit INTEGER, transition INTEGER, visit_duration INTEGER);
  CREATE TABLE visit_source (id INTEGER PRIMARY KEY, source INTEGER);
  CREATE TABLE keyword_search_terms (keyword_id INTEGER, url_id INTEGER, term TEXT, normalized_term TEXT);
  CREATE TABLE downloads (id INTEGER PRIMARY KEY, guid TEXT, target_path TEXT, current_path TEXT, start_time INTEGER, end_time INTEGER, received_bytes INTEGER, total_bytes INTEGER, state INTEGER, danger_type INTEGER, interrupt_reason INTEGER, opened INTEGER, referrer TEXT);
  CREATE TABLE downloads_url_chains (id INTEGER, chain_index INTEGER, url TEXT, PRIMARY KEY (id, chain_index));`

describe('histories of Chrome', () => {
  it('keep no more rows to be looked up than memory should hold, and tell of the rest', async () => {
    database.exec(CHROME)
    database.exec(`INSERT INTO urls VALUES (1, 'https://s.example/', '', 1, 0, 0, 0);
      INSERT INTO visits VALUES (10, 1, ${WEBKIT_US}, 0, 0, 5);
      ALTER TABLE keyword_search_terms DROP COLUMN term;
      INSERT INTO keyword_search_terms VALUES ${Array.from({ length: 6 }, (_, row) => `(2, ${row + 2}, '')`)};
      ALTER TABLE keyword_search_terms ADD COLUMN term TEXT DEFAULT '${'x'.repeat(30 * 1024 * 1024)}'`)
    database.close()
    const { rejects } = await readFileAsLog(path)
    expect(rejects.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/keyword_search_terms behind number 4 could not be read: .*MAX_KEPT_ROW_BYTES/),
    ])
  })

  it('end where pages lead to the same visits or searches again, and tell of both', async () => {
    database.exec(CHROME)
    database.exec(`INSERT INTO urls VALUES (1, 'https://s.example/', '', 1, 0, 0, 0);
      INSERT INTO visits VALUES (10, 1, ${WEBKIT_US}, 0, 0, 5);
      INSERT INTO keyword_search_terms VALUES (2, 1, 'x y', 'x y')`)
    database.close()
    loopTable(path, 'visits')
    loopTable(path, 'keyword_search_terms')
    const { events, account, rejects } = await readFileAsLog(path)
    expect(events).toMatchObject([{ search_term: 'x y', offset: '10' }])
    expect(account).toMatchObject({ read: 3, rejected: 2 })
    expect(rejects.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        /^rows of the table visits behind number 10 could not be read: expected row numbers/,
      ),
      expect.stringMatching(/^rows of the table keyword_search_terms behind number 1 could not be read/),
    ])
  })

  it('name visits as Plaso does, with transition, origin, source and search', async () => {
    database.exec(CHROME)
    database.exec(`INSERT INTO urls VALUES (1, 'https://s.example/?q=x', 'Search', 3, 1, 0, 0), (2, 'https://b.example/', '', 1, 0, 0, 1);
      INSERT INTO visits VALUES (10, 1, ${WEBKIT_US}, 0, ${0x30000001}, 5), (11, 2, ${WEBKIT_US + 1n}, 10, 0, 0);
      INSERT INTO visit_source VALUES (11, 0);
      INSERT INTO keyword_search_terms VALUES (2, 1, 'x y', 'x y')`)
    const { events, account } = await readFileAsLog(path)
    expect(account).toMatchObject({ format: 'chrome-history', read: 2, rejected: 0 })
    expect(events[0]).toEqual({
      datetime: ISO,
      timestamp_desc: 'Last Visited Time',
      data_type: 'chrome:history:page_visited',
      url: 'https://s.example/?q=x',
      title: 'Search',
      visit_count: 3,
      typed_count: 1,
      url_hidden: false,
      page_transition_type: 1,
      page_transition: 'TYPED',
      page_transition_qualifiers: ['CHAIN_START', 'CHAIN_END'],
      visit_duration_microseconds: 5,
      search_term: 'x y',
      offset: '10',
      message:
        'https://s.example/?q=x (Search) [count: 1] Visit source: [SOURCE_BROWSED] Visit count: 3 Type: [TYPED] (typed 1 times)',
    })
    expect(events[1]).toMatchObject({
      from_visit: 'https://s.example/?q=x (Search)',
      visit_source: 0,
      url_hidden: true,
    })
  })

  it('make one event of each time of a download, and one of equal times', async () => {
    database.exec(CHROME)
    database.exec(`INSERT INTO downloads VALUES (1, 'g', 'C:\\a.exe', 'C:\\a.exe', ${WEBKIT_US}, ${WEBKIT_US}, 5, 5, 1, 0, 0, 1, 'https://r.example'),
      (2, 'h', 'C:\\b.exe', '', ${WEBKIT_US}, ${WEBKIT_US + 2_000_000n}, 1, 9, 4, 2, 40, 0, '');
      INSERT INTO downloads_url_chains VALUES (1, 1, 'https://last.example'), (1, 0, 'https://first.example'), (2, 0, 'https://b.example')`)
    const { events } = await readFileAsLog(path)
    expect(events.map((event) => [event['timestamp_desc'], event['full_path']])).toEqual([
      ['Start Time; End Time', 'C:\\a.exe'],
      ['Start Time', 'C:\\b.exe'],
      ['End Time', 'C:\\b.exe'],
    ])
    expect(events[0]).toMatchObject({
      data_type: 'chrome:history:file_downloaded',
      url: 'https://last.example',
      url_chain: ['https://first.example', 'https://last.example'],
      message:
        'https://last.example (C:\\a.exe). State: COMPLETE. Received 5 of 5 bytes. Danger type: NOT_DANGEROUS.',
    })
  })

  it('are read while their browser holds them, with what is only in its log', async () => {
    database.exec(`PRAGMA journal_mode = WAL; ${CHROME}
      INSERT INTO urls VALUES (1, 'https://a.example/', 'A', 1, 0, 0, 0);
      INSERT INTO visits VALUES (1, 1, ${WEBKIT_US}, 0, 0, 0);
      BEGIN EXCLUSIVE; INSERT INTO visits VALUES (2, 1, ${WEBKIT_US}, 0, 0, 0)`)
    const before = readFileSync(path)
    const { events, remarks } = await readFileAsLog(path)
    expect(events).toHaveLength(1)
    expect(remarks[0]).toMatch(/pages of the write-ahead log/)
    expect(readFileSync(path)).toEqual(before)
  })

  it('are read in a folder with what stands beside them, which is no pipe that somebody left there', async () => {
    database.exec(
      `PRAGMA journal_mode = WAL; ${CHROME} INSERT INTO visits VALUES (1, 1, ${WEBKIT_US}, 0, 0, 0)`,
    )
    execFileSync('mkfifo', [`${path}-journal`])
    expect((await readFileAsLog(folder)).events).toHaveLength(1)
  })

  it('are read inside of gzip', async () => {
    database.exec(`${CHROME} INSERT INTO urls VALUES (1, 'https://a.example/', 'A', 1, 0, 0, 0);
      INSERT INTO visits VALUES (1, 1, ${WEBKIT_US}, 0, 0, 0)`)
    database.close()
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
    expect((await readFileAsLog(`${path}.gz`)).events).toHaveLength(1)
  })

  it('reject records without a time, and tell rows that are lost', async () => {
    database.exec(CHROME)
    database.exec('INSERT INTO visits VALUES (1, 1, 0, 0, 0, 0)')
    const insert = database.prepare('INSERT INTO visits VALUES (?, 1, ?, 0, 0, 0)')
    database.exec('BEGIN')
    for (let id = 2; id < 20_000; id++) insert.run(id, WEBKIT_US + BigInt(id))
    database.exec('COMMIT')
    database.close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, 200 * 1024, 210 * 1024)
    writeFileSync(path, bytes)
    const { events, rejects } = await readFileAsLog(path)
    expect(events.length).toBeGreaterThan(15_000)
    expect(rejects.map(({ reason }) => reason).toSorted()).toEqual(['bad-record', 'no-time'])
    expect(rejects.find(({ reason }) => reason === 'bad-record')?.detail).toMatch(
      /^rows of the table visits behind number \d+ and before number \d+ could not be read: /,
    )
  })
})

it('reads logins of Chrome without their passwords', async () => {
  database.exec(`CREATE TABLE logins (origin_url TEXT, action_url TEXT, username_value TEXT, password_value BLOB, signon_realm TEXT, date_created INTEGER, date_last_used INTEGER, times_used INTEGER, blacklisted_by_user INTEGER);
    INSERT INTO logins VALUES ('https://a.example', '', 'bob', 'secret', 'https://a.example/', ${WEBKIT_US}, 0, 4, 0)`)
  const { events } = await readFileAsLog(path)
  expect(events).toMatchObject([{ data_type: 'chrome:login:entry', username: 'bob', usage_count: 4 }])
  expect(JSON.stringify(events)).not.toContain('secret')
})

it('reads whose cookies are and their times, not their values', async () => {
  database.exec(`CREATE TABLE cookies (creation_utc INTEGER, host_key TEXT, name TEXT, value TEXT, path TEXT, expires_utc INTEGER, is_secure INTEGER, is_httponly INTEGER, last_access_utc INTEGER, is_persistent INTEGER);
    INSERT INTO cookies VALUES (${WEBKIT_US}, '.a.example', 'sid', 'secret', '/', 0, 1, 1, ${WEBKIT_US + 1n}, 0)`)
  const { events } = await readFileAsLog(path)
  expect(events).toMatchObject([
    { timestamp_desc: 'Creation Time', url: 'https://a.example/', hostname: 'a.example', cookie_name: 'sid' },
    { timestamp_desc: 'Last Access Time', persistent: false, httponly: true },
  ])
  expect(JSON.stringify(events)).not.toContain('secret')
})

it('reads visits, bookmarks and downloads of Firefox', async () => {
  database.exec(`CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT, rev_host TEXT, visit_count INTEGER, hidden INTEGER, typed INTEGER);
    CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER, visit_type INTEGER);
    CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER, title TEXT, dateAdded INTEGER, lastModified INTEGER);
    CREATE TABLE moz_anno_attributes (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE moz_annos (id INTEGER PRIMARY KEY, place_id INTEGER, anno_attribute_id INTEGER, content TEXT, flags INTEGER, expiration INTEGER, dateAdded INTEGER);
    INSERT INTO moz_places VALUES (1, 'https://www.example.com/x', 'Title', 'moc.elpmaxe.www.', 2, 0, 1), (2, 'https://dl.example/f.zip', NULL, 'elpmaxe.ld.', 0, 0, 0);
    INSERT INTO moz_historyvisits VALUES (5, 0, 1, ${POSIX_US}, 2), (6, 5, 2, ${POSIX_US + 1n}, 7);
    INSERT INTO moz_bookmarks VALUES (1, 1, 1, 'Mark', ${POSIX_US}, ${POSIX_US}), (2, 2, NULL, NULL, ${POSIX_US}, 0), (3, 3, NULL, NULL, ${POSIX_US}, 0);
    INSERT INTO moz_anno_attributes VALUES (1, 'downloads/destinationFileURI'), (2, 'downloads/metaData');
    INSERT INTO moz_annos VALUES (1, 2, 1, 'file:///f.zip', 0, 4, ${POSIX_US}), (2, 2, 2, '{"state":1,"endTime":1709287201000,"fileSize":77}', 0, 4, ${POSIX_US})`)
  const { events, account } = await readFileAsLog(path)
  expect(account).toMatchObject({ format: 'firefox-places', rejected: 0 })
  expect(events.map((event) => [event['data_type'], event['timestamp_desc']])).toEqual([
    ['firefox:places:page_visited', 'Last Visited Time'],
    ['firefox:places:page_visited', 'Last Visited Time'],
    ['firefox:places:bookmark', 'Added Time; Content Modification Time'],
    ['firefox:places:bookmark_folder', 'Added Time'],
    ['firefox:downloads:download', 'Start Time'],
    ['firefox:downloads:download', 'End Time'],
  ])
  expect(events[1]).toMatchObject({
    hostname: 'dl.example',
    visit_type: 7,
    transition: 'DOWNLOAD',
    from_visit: 'https://www.example.com/x (www.example.com)',
  })
  expect(events[0]).toMatchObject({ datetime: ISO, hostname: 'www.example.com', typed: 1 })
  expect(events[5]).toMatchObject({
    datetime: '2024-03-01T10:00:01+00:00',
    full_path: 'file:///f.zip',
    total_bytes: 77,
  })
})

it('reads visits of Safari with their redirections', async () => {
  database.exec(`CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT, visit_count INTEGER);
    CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT, http_non_get INTEGER, redirect_source INTEGER, redirect_destination INTEGER, origin INTEGER);
    CREATE TABLE metadata (key TEXT, value);
    INSERT INTO history_items VALUES (1, 'http://a.example/', 4), (2, 'https://a.example/', 1);
    INSERT INTO history_visits VALUES (1, 1, 730980000.125, 'A', 0, NULL, 2, 0), (2, 2, 730980001, '', 1, 1, NULL, 1)`)
  const { events } = await readFileAsLog(path)
  expect(events).toMatchObject([
    {
      datetime: '2024-03-01T10:00:00.125000+00:00',
      data_type: 'safari:history:visit_sqlite',
      visit_redirect_destination: 'https://a.example/',
      title: 'A',
      was_http_non_get: false,
    },
    { visit_redirect_source: 'http://a.example/', is_synchronised: true, was_http_non_get: true },
  ])
})

it('says which tables a database has that is of no known program', async () => {
  database.exec('CREATE TABLE one (a); CREATE TABLE two (b)')
  await expect(readFileAsLog(path)).rejects.toThrow(
    /an SQLite database of no known program \(tables one, two\)/,
  )
})
