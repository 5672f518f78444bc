import type { ImportProfile } from '@timeskein/model'

/** Top-level fields that are wanted of many events (`EventView.pick`), made ready once. */
export class FieldPick {
  readonly names: ReadonlySet<string>
  readonly #sources = new WeakMap<ImportProfile, ReadonlySet<string>>()

  constructor(names: Iterable<string>) {
    this.names = new Set(names)
  }

  /** The members of a source that are to be read for these fields: they themselves, and those that stand for them. */
  sourcesOf(profile: ImportProfile): ReadonlySet<string> {
    let sources = this.#sources.get(profile)
    if (!sources) {
      sources = new Set([...this.names].flatMap((name) => [name, ...listPrefixes(profile.aliases[name])]))
      this.#sources.set(profile, sources)
    }
    return sources
  }
}

/** `a`, `a.b` and `a.b.c` of `a.b.c`: each may be the name of a member. */
function listPrefixes(path: string | undefined): string[] {
  const parts = path?.split('.') ?? []
  return parts.map((_, at) => parts.slice(0, at + 1).join('.'))
}
