/** The same refusal of the same caller is one entry in so long. */
const PERIOD_MS = 10 * 60_000

/** Whose entries are counted together: those of one user, or of all who are not known. */
export type BudgetOwner = number | 'strangers'

/** Most entries of a period. Those of users are their own: whoever floods the log with refusals hides nobody else's. */
const MAX_ENTRIES = { user: 100, strangers: 1000 } as const

interface Budget {
  /** Refusals of this period that were entered. */
  readonly entered: Set<string>
  /** Refusals since the last entry that are in none. */
  untold: number
}

/**
 * Says which refusals are entered, and counts the others. What is remembered is bounded by the number of accounts, which only
 * administrators make.
 */
export class RefusalBudgets {
  readonly #now: () => number
  #budgets = new Map<BudgetOwner, Budget>()
  #startMs = Number.NEGATIVE_INFINITY

  /** @param now - Milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * @param refusal - What is the same when it is the same refusal.
   * @returns How many of the owner's were not entered since the last one that was; undefined where this one is not to be, either.
   */
  take(owner: BudgetOwner, refusal: string): number | undefined {
    this.#beginPeriod()
    const budget = this.#budgets.get(owner) ?? { entered: new Set(), untold: 0 }
    this.#budgets.set(owner, budget)
    const { entered, untold } = budget
    if (entered.has(refusal) || entered.size >= MAX_ENTRIES[owner === 'strangers' ? owner : 'user']) {
      budget.untold++
      return undefined
    }
    entered.add(refusal)
    budget.untold = 0
    return untold
  }

  #beginPeriod(): void {
    if (this.#now() - this.#startMs < PERIOD_MS) return
    this.#startMs = this.#now()
    const untold = [...this.#budgets].filter(([, budget]) => budget.untold > 0)
    this.#budgets = new Map(
      untold.map(([owner, budget]) => [owner, { entered: new Set(), untold: budget.untold }]),
    )
  }
}
