import type { Clue } from './clue.ts'

/** The host that files of a container were taken from, as far as it is told. */
export interface CollectedHost {
  readonly tool: string | undefined
  readonly hostName: string | undefined
  /** IANA name. */
  readonly timeZone: string | undefined
}

/** Which host each file of a container is of: what the clues say, else what the container around it says. */
export class Collection {
  readonly #clues: readonly Clue[]
  readonly #around: CollectedHost | undefined

  /** @param around - What is known of the container as a whole, by its name or by what it stands in. */
  constructor(clues: readonly Clue[], around?: CollectedHost) {
    this.#clues = clues.toSorted((a, b) => b.root.length - a.root.length || a.rank - b.rank)
    this.#around = around
  }

  /** The host of a file. The clues nearest to it count; of those beside each other, the surest. */
  hostOf(name: string): CollectedHost | undefined {
    const clues = this.#clues.filter(({ root }) => name.startsWith(root))
    const host: CollectedHost = {
      tool: find(clues, 'tool') ?? this.#around?.tool,
      hostName: find(clues, 'hostName') ?? this.#around?.hostName,
      timeZone: find(clues, 'timeZone') ?? this.#around?.timeZone,
    }
    const isKnown = host.tool !== undefined || host.hostName !== undefined || host.timeZone !== undefined
    return isKnown ? host : undefined
  }
}

function find(clues: readonly Clue[], name: 'tool' | 'hostName' | 'timeZone'): string | undefined {
  return clues.find((clue) => clue[name] !== undefined)?.[name]
}

/** Says in a sentence what is known of a file's host. */
export function describeHost({ tool, hostName, timeZone }: CollectedHost): string {
  const what = tool === undefined ? 'was collected' : `is part of a ${tool} collection`
  const host = hostName === undefined ? '' : ` of the host ${hostName}`
  const zone = timeZone === undefined ? '' : `; times without a zone are ${timeZone}`
  return `${what}${host}${zone}`
}
