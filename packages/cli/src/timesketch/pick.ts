import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/**
 * What a command line names, among all there are: by its name, else by its id.
 *
 * @param kind - For messages: `saved search`.
 * @throws {CliError} When there is none, or several have the name.
 */
export function pick<Item extends { readonly id: number }>(
  items: readonly Item[],
  nameOrId: string,
  kind: string,
  nameOf: (item: Item) => string,
): Item {
  const named = items.filter((item) => nameOf(item) === nameOrId)
  const found = named.length > 0 ? named : items.filter(({ id }) => String(id) === nameOrId)
  const [first] = found
  if (first && found.length === 1) return first
  if (first)
    throw new CliError(
      `several are called "${nameOrId}": ${found.map(({ id }) => id).join(', ')}. Say which ${kind} by its id.`,
      EXIT.badInput,
    )
  const names = items.map((item) => `${nameOf(item)} (${item.id})`).join(', ')
  throw new CliError(`there is no ${kind} "${nameOrId}"; there are ${names || 'none'}`, EXIT.notFound)
}
