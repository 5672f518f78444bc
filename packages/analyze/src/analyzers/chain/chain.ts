import type { EventSource } from '../../event-source.ts'
import type { Analyzer } from '../analyzer.ts'
import { CHAIN_KINDS, type ChainKind } from './chain-kinds.ts'

/** One chain that an event is part of. Format: Timesketch 20261014 (lib/analyzers/chain.py). */
interface ChainLink {
  readonly chain_id: string
  readonly plugin: string
  readonly is_base: boolean
  /** Of the event that the chain begins with: how many others it has. */
  readonly leafs?: number
}

/** Chains that one event is told to be part of; what comes on top is counted in the log. */
const MAX_LINKS_PER_EVENT = 500

/**
 * Chains events that one led to the other. For each kind of chain events are read twice: those that begin chains and those that may go on with them;
 * and all of them once more to mark those that are linked. In memory are the links.
 */
export const chain: Analyzer = {
  name: 'chain',
  displayName: 'Chain linked events',
  description:
    'Chains events of which one led to the other, such as a download and the start of what was downloaded',
  dependencies: [],
  async run(run) {
    const links = new Map<string, ChainLink[]>()
    const counts = new Map<string, number>()
    let bases = 0
    let cut = 0
    const link = (eventId: string, one: ChainLink): void => {
      const own = links.get(eventId)
      if (!own) links.set(eventId, [one])
      else if (own.length < MAX_LINKS_PER_EVENT) own.push(one)
      else cut += 1
    }
    for (const kind of CHAIN_KINDS) {
      const found = await findChains(kind, run.events)
      for (const { baseId, leafIds } of found) {
        const chainId = globalThis.crypto.randomUUID().replaceAll('-', '')
        for (const leafId of leafIds) link(leafId, { chain_id: chainId, plugin: kind.name, is_base: false })
        link(baseId, { chain_id: chainId, plugin: kind.name, is_base: true, leafs: leafIds.length })
        counts.set(kind.name, (counts.get(kind.name) ?? 0) + leafIds.length)
        bases += 1
      }
    }
    if (cut > 0)
      run.log(
        `${cut} links were left out: an event is told to be part of ${MAX_LINKS_PER_EVENT} chains at most.`,
      )
    if (links.size > 0)
      for await (const page of run.events.read({
        kind: 'or',
        of: CHAIN_KINDS.flatMap(({ begin, goOn }) => [begin, goOn]),
      }))
        for (const event of page) {
          const chains = links.get(event.id)
          if (chains) await run.mark(event, { attributes: { chains }, emojis: ['LINK'] })
        }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const told = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `[${name}] ${count}`)
    return `${bases} base events annotated with a chain UUID for ${bases} chains for a total of ${total} events. ${told.join(' - ')}`
  },
}

async function findChains(
  kind: ChainKind,
  events: EventSource,
): Promise<readonly { readonly baseId: string; readonly leafIds: readonly string[] }[]> {
  const bases: { readonly id: string; readonly target: string }[] = []
  for await (const page of events.read(kind.begin))
    for (const event of page) {
      const target = kind.targetOf(event)
      if (target !== undefined) bases.push({ id: event.id, target: target.toLowerCase() })
    }
  if (bases.length === 0) return []
  const leaves = new Map(bases.map(({ target }) => [target, new Set<string>()]))
  for await (const page of events.read(kind.goOn))
    for (const event of page)
      for (const target of kind.findTargets(event, leaves)) leaves.get(target)?.add(event.id)
  return bases
    .map(({ id, target }) => ({
      baseId: id,
      leafIds: [...leaves.get(target)!].filter((leaf) => leaf !== id),
    }))
    .filter(({ leafIds }) => leafIds.length > 0)
}
