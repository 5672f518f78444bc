import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Microseconds from 1601 to 1970. */
const WEBKIT_OFFSET = 11_644_473_600_000_000n
const START_US = 1_772_600_000_000_000n

/** Writes a Chrome history, Chrome cookies and a Firefox history with the tables that their browsers make. */
export async function buildBrowserDatabases(folder: string): Promise<void> {
  write(join(folder, 'Users/kim/AppData/Local/Google/Chrome/User Data/Default/History'), buildChromeHistory)
  write(join(folder, 'Users/kim/AppData/Local/Google/Chrome/User Data/Default/Cookies'), buildChromeCookies)
  write(join(folder, 'home/kim/.mozilla/firefox/x.default/places.sqlite'), buildFirefoxPlaces)
}

function write(path: string, build: (database: DatabaseSync) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  using database = new DatabaseSync(path)
  database.exec('BEGIN')
  build(database)
  database.exec('COMMIT')
}

function webkit(seconds: number): bigint {
  return START_US + WEBKIT_OFFSET + BigInt(seconds) * 1_000_000n + 123_456n
}

function buildChromeHistory(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    CREATE TABLE urls(id INTEGER PRIMARY KEY AUTOINCREMENT,url LONGVARCHAR,title LONGVARCHAR,visit_count INTEGER DEFAULT 0 NOT NULL,typed_count INTEGER DEFAULT 0 NOT NULL,last_visit_time INTEGER NOT NULL,hidden INTEGER DEFAULT 0 NOT NULL);
    CREATE TABLE visits(id INTEGER PRIMARY KEY AUTOINCREMENT,url INTEGER NOT NULL,visit_time INTEGER NOT NULL,from_visit INTEGER,transition INTEGER DEFAULT 0 NOT NULL,segment_id INTEGER,visit_duration INTEGER DEFAULT 0 NOT NULL);
    CREATE TABLE visit_source(id INTEGER PRIMARY KEY,source INTEGER NOT NULL);
    CREATE TABLE keyword_search_terms (keyword_id INTEGER NOT NULL,url_id INTEGER NOT NULL,term LONGVARCHAR NOT NULL,normalized_term LONGVARCHAR NOT NULL);
    CREATE TABLE downloads (id INTEGER PRIMARY KEY,guid VARCHAR NOT NULL,current_path LONGVARCHAR NOT NULL,target_path LONGVARCHAR NOT NULL,start_time INTEGER NOT NULL,received_bytes INTEGER NOT NULL,total_bytes INTEGER NOT NULL,state INTEGER NOT NULL,danger_type INTEGER NOT NULL,interrupt_reason INTEGER NOT NULL,hash BLOB NOT NULL,end_time INTEGER NOT NULL,opened INTEGER NOT NULL,last_access_time INTEGER NOT NULL,transient INTEGER NOT NULL,referrer VARCHAR NOT NULL,site_url VARCHAR NOT NULL,tab_url VARCHAR NOT NULL,tab_referrer_url VARCHAR NOT NULL,http_method VARCHAR NOT NULL,by_ext_id VARCHAR NOT NULL,by_ext_name VARCHAR NOT NULL,etag VARCHAR NOT NULL,last_modified VARCHAR NOT NULL,mime_type VARCHAR(255) NOT NULL,original_mime_type VARCHAR(255) NOT NULL);
    CREATE TABLE downloads_url_chains (id INTEGER NOT NULL,chain_index INTEGER NOT NULL,url LONGVARCHAR NOT NULL, PRIMARY KEY (id, chain_index));
    CREATE TABLE segments (id INTEGER PRIMARY KEY,name VARCHAR,url_id INTEGER NON NULL);
    CREATE TABLE segment_usage (id INTEGER PRIMARY KEY,segment_id INTEGER NOT NULL,time_slot INTEGER NOT NULL,visit_count INTEGER DEFAULT 0 NOT NULL);
    CREATE TABLE downloads_slices (download_id INTEGER NOT NULL,offset INTEGER NOT NULL,received_bytes INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,PRIMARY KEY (download_id, offset) );
    CREATE TABLE typed_url_sync_metadata (storage_key INTEGER PRIMARY KEY NOT NULL,value BLOB);
  `)
  const url = database.prepare('INSERT INTO urls VALUES (?, ?, ?, ?, ?, ?, ?)')
  const visit = database.prepare('INSERT INTO visits VALUES (?, ?, ?, ?, ?, 0, ?)')
  for (let i = 1; i <= 40; i++) {
    url.run(
      i,
      `https://example.test/${i}?q=a%20"b"`,
      i % 4 ? `Title ${i} \u2014 it's \u00e9` : '',
      i % 5,
      i % 3,
      webkit(i * 60),
      i % 2,
    )
    visit.run(
      i,
      i,
      webkit(i * 60),
      i > 1 ? i - 1 : 0,
      [0, 1, 2, 3, 5, 7, 8, 10][i % 8]! | 0x30000000,
      1_000_000,
    )
  }
  const download = database.prepare(
    `INSERT INTO downloads VALUES (?, 'g', ?, ?, ?, ?, ?, 1, 0, 0, x'', ?, 1, ?, 0, 'https://example.test/', '', '', '', 'GET', '', '', '', '', 'text/plain', 'text/plain')`,
  )
  const chain = database.prepare('INSERT INTO downloads_url_chains VALUES (?, 0, ?)')
  for (let i = 1; i <= 3; i++) {
    const path = `C:\\Users\\kim\\Downloads\\file ${i}.txt`
    download.run(i, path, path, webkit(i * 90), i * 100, i * 200, webkit(i * 90 + 5), webkit(i * 91))
    chain.run(i, `https://example.test/download/${i}`)
  }
}

function buildChromeCookies(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    CREATE TABLE cookies (creation_utc INTEGER NOT NULL,host_key TEXT NOT NULL,name TEXT NOT NULL,value TEXT NOT NULL,path TEXT NOT NULL,expires_utc INTEGER NOT NULL,is_secure INTEGER NOT NULL,is_httponly INTEGER NOT NULL,last_access_utc INTEGER NOT NULL,has_expires INTEGER NOT NULL DEFAULT 1,is_persistent INTEGER NOT NULL DEFAULT 1,priority INTEGER NOT NULL DEFAULT 1,encrypted_value BLOB DEFAULT '',firstpartyonly INTEGER NOT NULL DEFAULT 0);
  `)
  const cookie = database.prepare(`INSERT INTO cookies VALUES (?, ?, ?, ?, '/', ?, ?, ?, ?, 1, ?, 1, '', 0)`)
  for (let i = 1; i <= 5; i++)
    cookie.run(
      webkit(i),
      `.host${i}.example.test`,
      i === 3 ? '__utma' : `name${i}`,
      i === 3 ? '1.2.1772600000.1772600001.1772600002.7' : `v${i}`,
      webkit(i + 9),
      i % 2,
      i % 2,
      webkit(i + 3),
      i % 2,
    )
}

function buildFirefoxPlaces(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR, visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, typed INTEGER DEFAULT 0 NOT NULL, favicon_id INTEGER, frecency INTEGER DEFAULT -1 NOT NULL, last_visit_date INTEGER, guid TEXT, foreign_count INTEGER DEFAULT 0 NOT NULL);
    CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER, visit_type INTEGER, session INTEGER);
    CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER DEFAULT NULL, parent INTEGER, position INTEGER, title LONGVARCHAR, keyword_id INTEGER, folder_type TEXT, dateAdded INTEGER, lastModified INTEGER, guid TEXT);
    CREATE TABLE moz_items_annos (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, anno_attribute_id INTEGER, mime_type VARCHAR(32) DEFAULT NULL, content LONGVARCHAR, flags INTEGER DEFAULT 0, expiration INTEGER DEFAULT 0, type INTEGER DEFAULT 0, dateAdded INTEGER DEFAULT 0, lastModified INTEGER DEFAULT 0);
    CREATE TABLE moz_anno_attributes (id INTEGER PRIMARY KEY, name VARCHAR(32) UNIQUE NOT NULL);
    CREATE TABLE moz_annos (id INTEGER PRIMARY KEY, place_id INTEGER NOT NULL, anno_attribute_id INTEGER, mime_type VARCHAR(32) DEFAULT NULL, content LONGVARCHAR, flags INTEGER DEFAULT 0, expiration INTEGER DEFAULT 0, type INTEGER DEFAULT 0, dateAdded INTEGER DEFAULT 0, lastModified INTEGER DEFAULT 0);
    CREATE TABLE moz_bookmarks_roots (root_name VARCHAR(16) UNIQUE, folder_id INTEGER);
    CREATE TABLE moz_favicons (id INTEGER PRIMARY KEY, url LONGVARCHAR UNIQUE, data BLOB, mime_type VARCHAR(32), expiration LONG);
    CREATE TABLE moz_hosts (id INTEGER PRIMARY KEY, host TEXT NOT NULL UNIQUE, frecency INTEGER, typed INTEGER NOT NULL DEFAULT 0, prefix TEXT);
    CREATE TABLE moz_inputhistory (place_id INTEGER NOT NULL, input LONGVARCHAR NOT NULL, use_count INTEGER, PRIMARY KEY (place_id, input));
    CREATE TABLE moz_keywords (id INTEGER PRIMARY KEY AUTOINCREMENT, keyword TEXT UNIQUE);
  `)
  const place = database.prepare(`INSERT INTO moz_places VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 100, ?, ?, 0)`)
  const visit = database.prepare('INSERT INTO moz_historyvisits VALUES (?, ?, ?, ?, ?, 0)')
  const bookmark = database.prepare(
    `INSERT INTO moz_bookmarks VALUES (?, 1, ?, 1, ?, ?, NULL, NULL, ?, ?, ?)`,
  )
  for (let i = 1; i <= 30; i++) {
    const at = START_US + BigInt(i) * 45_000_000n
    place.run(
      i,
      `https://www.example.test/p/${i}`,
      `Page ${i} 'single' "double"`,
      'tset.elpmaxe.www.',
      i,
      i % 2,
      i % 3 ? 0 : 1,
      at,
      `guid${i}`,
    )
    visit.run(i, i > 1 ? i - 1 : 0, i, at, 1 + (i % 8))
    if (i % 10 === 0) bookmark.run(i, i, i, `Mark ${i}`, at, at + 1_000_000n, `mark${i}`)
  }
}
