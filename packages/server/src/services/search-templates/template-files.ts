import type { ConfigFile } from '../config/config-folder.ts'
import type { ServiceContext } from '../service-context.ts'

/** Where the files are, under the folder of configuration. */
const FOLDER = 'search-templates'

interface FileTemplate {
  readonly uuid: string
  readonly name: string
  readonly shortName: string
  readonly description: string
  readonly queryString: string
  readonly filterJson: string
  readonly dslJson: string
  readonly templateJson: string
  readonly path: string
}

/**
 * Search templates as YAML files say them: each file one template or a list of them, with `id` (a UUID), `short_name`,
 * `display_name`, `description`, `query_string` and perhaps `query_filter` and `query_dsl` (the files of `tsctl
 * import-search-templates`).
 */
export class TemplateFiles {
  readonly #context: ServiceContext
  /** What was brought in last; the reader gives the same objects while nothing has changed. */
  #broughtIn: readonly ConfigFile[] = []

  constructor(context: ServiceContext) {
    this.#context = context
  }

  /** Puts into the database what the files say, when they have changed. What a file no longer has stays. */
  async bringIn(): Promise<void> {
    const files = await this.#context.config.readFolder(FOLDER)
    const isSame =
      files.length === this.#broughtIn.length && files.every((file, at) => file === this.#broughtIn[at])
    if (isSame) return
    const now = this.#context.now()
    for (const template of files.flatMap((file) => this.#read(file))) {
      const content = {
        name: template.name,
        short_name: template.shortName,
        description: template.description,
        query_string: template.queryString,
        query_filter: template.filterJson,
        query_dsl: template.dslJson,
        template_json: template.templateJson,
        updated_at_ms: now,
      }
      await this.#context.db
        .insertInto('search_templates')
        .values({ template_uuid: template.uuid, created_at_ms: now, ...content })
        .onConflict((conflict) => conflict.column('template_uuid').doUpdateSet(content))
        .execute()
    }
    this.#broughtIn = files
  }

  /** The file that has a template; undefined when none has. */
  async fileOf(uuid: string): Promise<string | undefined> {
    const files = await this.#context.config.readFolder(FOLDER)
    return files.flatMap((file) => this.#read(file)).find((template) => template.uuid === uuid)?.path
  }

  #read(file: ConfigFile): readonly FileTemplate[] {
    const entries = Array.isArray(file.value) ? file.value : [file.value]
    return entries.flatMap((entry) => {
      const template = readTemplate(file.path, entry)
      if (!template)
        this.#context.log.warn(
          { path: file.path },
          'a search template needs an id, a display_name and a query_string or query_dsl',
        )
      return template ? [template] : []
    })
  }
}

function readTemplate(path: string, entry: unknown): FileTemplate | undefined {
  if (entry === null || typeof entry !== 'object') return undefined
  const members = entry as Readonly<Record<string, unknown>>
  const text = (name: string): string => (typeof members[name] === 'string' ? members[name].trim() : '')
  const json = (name: string): string => {
    const value = members[name]
    return typeof value === 'string'
      ? value
      : value === undefined || value === null
        ? '{}'
        : JSON.stringify(value)
  }
  const uuid = text('id')
  const name = text('display_name') || text('short_name')
  if (!uuid || !name || (!text('query_string') && members['query_dsl'] === undefined)) return undefined
  return {
    uuid,
    name,
    shortName: text('short_name'),
    description: text('description'),
    queryString: text('query_string'),
    filterJson: json('query_filter'),
    dslJson: members['query_dsl'] === undefined ? '' : json('query_dsl'),
    templateJson: JSON.stringify(entry),
    path,
  }
}
