import type { DatabaseSync } from 'node:sqlite'
import { openImmutable } from '../../sqlite/open-sqlite-evidence.ts'
import { type SqliteRow, scanRows } from '../../sqlite/scan-rows.ts'
import type { Value } from '../piece/container-value.ts'
import { type FormatText, parseFormat } from './format-text.ts'
import type { Values } from './values.ts'

/** American English ([MS-LCID]); texts of other languages are not looked at. */
const LANGUAGE = 1033
const LANGUAGE_FOLDER = 'en-us'

/** The most texts that are kept in memory, and the most events of providers. */
const MAX_TEXTS = 2_000_000

/** Message files that parameters are looked for in, where a provider names none. */
const USUAL_PARAMETER_FILES = ['%SystemRoot%\\System32\\MsObjs.dll', '%SystemRoot%\\System32\\kernel32.dll']

const PARAMETER = /%%([1-9]\d*)/g

interface Provider {
  readonly messageFiles: readonly string[]
  readonly parameterFiles: readonly string[]
}

/**
 * Texts that Windows has for its events: of a storage file that was made of a whole image, or of a database of message resources
 * (libyal/winevt-rc, format 20240929). Read into memory when the first event asks.
 */
export class WindowsResources {
  readonly #providers = new Map<string, Provider>()
  /** Identifier of each message file's container, by its path in lower case. */
  readonly #files = new Map<string, string>()
  /** Texts by `file:message`. */
  readonly #texts = new Map<string, string>()
  /** Messages that events of a version stand for, by `provider:event` and `provider:event:version`. */
  readonly #mapped = new Map<string, number>()
  readonly #formats = new Map<string, FormatText>()

  /** @throws Error of `node:sqlite`, or when it is no such database. */
  constructor(path: string) {
    using database = openImmutable(path)
    const isStorage = has(database, 'windows_eventlog_provider')
    if (!isStorage && !has(database, 'winevtrc_eventlog_provider'))
      throw new Error(
        `cannot read ${path}: expected message resources of Windows (a table winevtrc_eventlog_provider), found none`,
      )
    this.#readProviders(database, isStorage ? 'windows_eventlog_provider' : 'winevtrc_eventlog_provider')
    if (isStorage) this.#readStorage(database)
    else this.#readDatabase(database)
  }

  /** Adds the text of an event to its values, as `message_string`; null where there is none. */
  addMessage(values: Values): void {
    values.set('message_string', this.#findMessage(values) ?? null)
  }

  #findMessage(values: Values): string | undefined {
    const message = values.get('message_identifier')
    if (typeof message !== 'number' || message === 0) return undefined
    const identifier = textOf(values.get('provider_identifier'))?.toLowerCase()
    const provider =
      (identifier === undefined ? undefined : this.#providers.get(identifier)) ??
      this.#providers.get(textOf(values.get('source_name'))?.toLowerCase() ?? '')
    if (provider === undefined) return undefined
    const template = this.#findText(
      provider.messageFiles,
      this.#map(identifier, message, values.get('event_version')),
    )
    if (template === undefined) return undefined
    const strings = values.get('strings')
    return this.#fill(template, Array.isArray(strings) ? strings : [], provider)
  }

  #map(provider: string | undefined, message: number, version: Value | undefined): number {
    if (provider === undefined) return message
    const key = `${provider}:${message}`
    const found = typeof version === 'number' ? this.#mapped.get(`${key}:${version}`) : this.#mapped.get(key)
    return found ?? message
  }

  #fill(template: string, strings: readonly Value[], provider: Provider): string | undefined {
    let format = this.#formats.get(template)
    if (format === undefined) {
      format = parseFormat(template)
      this.#formats.set(template, format)
    }
    let text = ''
    for (const part of format) {
      if (typeof part === 'string') {
        text += part
        continue
      }
      const index = Number(part.name)
      // Fewer strings than the text has places for: Plaso has no text then.
      if (!Number.isSafeInteger(index) || index >= strings.length) return undefined
      const value = strings[index]
      if (typeof value === 'string') text += this.#replaceParameters(value, provider)
      else if (value !== null) return undefined
    }
    return text
  }

  #replaceParameters(text: string, { parameterFiles, messageFiles }: Provider): string {
    if (!text.includes('%%')) return text
    const files = parameterFiles.length > 0 ? parameterFiles : [...messageFiles, ...USUAL_PARAMETER_FILES]
    return text.replace(PARAMETER, (found, digits: string) => this.#findText(files, Number(digits)) || found)
  }

  #findText(files: readonly string[], message: number): string | undefined {
    for (const path of files) {
      for (const place of listPlaces(path)) {
        const file = this.#files.get(place)
        const text = file === undefined ? undefined : this.#texts.get(`${file}:${message}`)
        if (text !== undefined) return text
      }
    }
    return undefined
  }

  #readProviders(database: DatabaseSync, table: string): void {
    const columns = ['identifier', 'log_sources', 'event_message_files', 'parameter_message_files']
    for (const row of listRows(database, table, columns)) {
      const provider = {
        messageFiles: readList(row['event_message_files']),
        parameterFiles: readList(row['parameter_message_files']),
      }
      const identifier = textOf(row['identifier'])
      if (identifier !== undefined) this.#providers.set(identifier.toLowerCase(), provider)
      for (const name of readList(row['log_sources'])) this.#providers.set(name.toLowerCase(), provider)
    }
  }

  #readStorage(database: DatabaseSync): void {
    this.#readFiles(database, 'windows_eventlog_message_file', 'path')
    const table = 'windows_eventlog_message_string'
    if (has(database, 'windows_eventlog_message_table'))
      this.#readTexts(database, table, 'string', readTables(database, 'windows_eventlog_message_table'))
    else if (has(database, table)) this.#readTexts(database, table, 'string', undefined)
    const events = 'windows_wevt_template_event'
    if (!has(database, events)) return
    const columns = ['provider_identifier', 'identifier', 'version', 'message_identifier']
    for (const row of listRows(database, events, columns)) {
      if (this.#mapped.size >= MAX_TEXTS) return
      const key = `${String(row['provider_identifier']).toLowerCase()}:${row['identifier']}`
      for (const name of [key, `${key}:${row['version']}`])
        if (!this.#mapped.has(name)) this.#mapped.set(name, Number(row['message_identifier']))
    }
  }

  #readDatabase(database: DatabaseSync): void {
    this.#readFiles(database, 'winevtrc_message_file', 'windows_path')
    const tables = readTables(database, 'winevtrc_message_table')
    this.#readTexts(database, 'winevtrc_message_string', 'text', tables)
  }

  #readFiles(database: DatabaseSync, table: string, column: string): void {
    for (const row of listRows(database, table, ['_identifier', column]))
      this.#files.set(normalizePath(String(row[column])), `${table}.${row['_identifier']}`)
  }

  /** @param tables - The file of each table of messages; without them, strings name their file and language themselves. */
  #readTexts(
    database: DatabaseSync,
    table: string,
    column: string,
    tables: ReadonlyMap<string, string> | undefined,
  ): void {
    const link = tables ? '_message_table_identifier' : '_message_file_identifier'
    const columns = [link, 'message_identifier', column, ...(tables ? [] : ['language_identifier'])]
    for (const row of listRows(database, table, columns)) {
      if (this.#texts.size >= MAX_TEXTS) return
      if (!tables && Number(row['language_identifier']) !== LANGUAGE) continue
      const name = String(row[link])
      const file = tables ? tables.get(name) : name
      const key = `${file}:${row['message_identifier']}`
      if (file !== undefined && !this.#texts.has(key)) this.#texts.set(key, String(row[column]))
    }
  }
}

/** The file of each table of messages in the language that is looked at. */
function readTables(database: DatabaseSync, table: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const columns = ['_identifier', '_message_file_identifier', 'language_identifier']
  for (const row of listRows(database, table, columns))
    if (Number(row['language_identifier']) === LANGUAGE)
      files.set(`${table}.${row['_identifier']}`, String(row['_message_file_identifier']))
  return files
}

/** Rows of a table as far as they can be read. */
function* listRows(database: DatabaseSync, table: string, columns: readonly string[]): Generator<SqliteRow> {
  for (const item of scanRows(database, table, columns)) if (item.kind === 'row') yield item.row
}

function has(database: DatabaseSync, table: string): boolean {
  return (
    database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined
  )
}

/** Where a message file's texts may stand: in itself, or in the file of its language beside it. */
function listPlaces(path: string): readonly string[] {
  const place = normalizePath(path)
  const cut = place.lastIndexOf('\\')
  return [place, `${place.slice(0, cut)}\\${LANGUAGE_FOLDER}${place.slice(cut)}.mui`]
}

/** A path of Windows in lower case; a bare name stands in System32. */
function normalizePath(path: string): string {
  const whole = path.includes('\\') ? path : `%SystemRoot%\\System32\\${path}`
  return whole
    .toLowerCase()
    .replace(/^(?:%systemroot%|%windir%|[a-z]:\\windows|\\windows)(?=\\)/, '\\windows')
}

function readList(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const list: unknown = JSON.parse(value)
  const items = Array.isArray(list) ? list : []
  return items.filter((item) => typeof item === 'string')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
