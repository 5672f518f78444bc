/** What one import or tag operation has come to, as far as anybody was told. */
export interface LedgerEntry {
  readonly what: 'import' | 'tag'
  readonly run: string
  readonly rows: number
  /** `begun`: killed before it was acknowledged; may be there whole or not at all, and from then on stays so. */
  state: 'begun' | 'acknowledged' | 'absent'
}

/** Keeps what a worker said over all rounds. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>()

  /** Takes one line of a worker's output. */
  note(line: string): void {
    const said: { is: string; what?: LedgerEntry['what'] | 'undo'; run?: string; rows?: number } =
      JSON.parse(line)
    if (said.what === undefined || said.run === undefined) return
    if (said.what === 'undo') {
      // An undo that was begun leaves its tag whole or gone; one that is done leaves it gone.
      const tag = this.#entries.get(`tag ${said.run}`)
      if (tag) tag.state = said.is === 'done' ? 'absent' : 'begun'
      return
    }
    this.#entries.set(`${said.what} ${said.run}`, {
      what: said.what,
      run: said.run,
      rows: said.rows ?? 0,
      state: said.is === 'done' ? 'acknowledged' : 'begun',
    })
  }

  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()]
  }
}
