/**
 * Keeps how far a poll has come, over restarts. `@timeskein/sdk/node` has one that is a file (`fileCursor`); a program that stores
 * items in a database does better to store the cursor in the same transaction (see `Poll.batches`).
 */
export interface CursorStore {
  /** Undefined where nothing was kept yet. */
  load(): Promise<string | undefined> | string | undefined
  save(cursor: string): Promise<void> | void
}

/** A cursor that lasts as long as the program. @param cursor - Where it begins. */
export function memoryCursor(cursor?: string): CursorStore & { readonly cursor: string | undefined } {
  let kept = cursor
  return {
    get cursor() {
      return kept
    },
    load: () => kept,
    save: (next) => {
      kept = next
    },
  }
}
