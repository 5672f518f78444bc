/** What one import or tag operation has come to, as far as anybody was told. */
export interface LedgerEntry {
  readonly what: 'import' | 'tag'
  readonly run: string
  readonly rows: number
  /** `begun`: killed before it was acknowledged; may be there whole or not at all, and from then on stays so. */
  state: 'begun' | 'acknowledged' | 'absent'
}

/** One line of a worker's output. */
interface Said {
  readonly is: string
  readonly what?: LedgerEntry['what'] | 'undo'
  readonly run?: string
  readonly rows?: number
}

/** Keeps what a worker said over all rounds. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>()

  /** Takes one line of a worker's output, and gives what it says. */
  note(line: string): Said {
    const said: Said = JSON.parse(line)
    if (said.what !== undefined && said.run !== undefined) this.#enter(said.what, said.run, said)
    return said
  }

  #enter(what: LedgerEntry['what'] | 'undo', run: string, said: Said): void {
    if (what === 'undo') {
      // An undo that was begun leaves its tag whole or gone; one that is done leaves it gone.
      const tag = this.#entries.get(`tag ${run}`)
      if (tag) tag.state = said.is === 'done' ? 'absent' : 'begun'
      return
    }
    this.#entries.set(`${what} ${run}`, {
      what,
      run,
      rows: said.rows ?? 0,
      state: said.is === 'done' ? 'acknowledged' : 'begun',
    })
  }

  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()]
  }
}
