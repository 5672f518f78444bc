/** What a puller has, as pairs of `sort id` and what tells its state; as often as it is there. */
export interface PulledState {
  /** Events of the timeline. */
  readonly events: readonly (readonly [string, string])[]
  /** Alerts, incidents and devices. */
  readonly entries: readonly (readonly [string, string])[]
}

/** The statuses of incidents of the platform as they are here. */
const STATUSES: Readonly<Record<string, string>> = {
  new: 'open',
  acknowledged: 'acknowledged',
  inProgress: 'in-progress',
  monitoring: 'monitoring',
  waitingForCustomer: 'waiting',
  closed: 'closed',
}

/** Says in what the puller differs from the platform; nothing when each item is there exactly once, as it is. */
export function compare(
  platform: ReadonlyMap<string, string>,
  { events, entries }: PulledState,
): readonly string[] {
  const problems: string[] = []
  for (const [what, pairs] of [
    ['event', events],
    ['entry', entries],
  ] as const) {
    const found = Map.groupBy(pairs, ([name]) => name)
    for (const [name, state] of platform) {
      const own = found.get(name) ?? []
      if (own.length !== 1) problems.push(`${what} ${name} is there ${own.length} times`)
      const isIncident = what === 'entry' && name.startsWith('elements-incident')
      const wanted = isIncident ? `${state} as ${STATUSES[state]}` : state
      const [, told] = own[0] ?? []
      if (told !== undefined && told !== wanted)
        problems.push(`${what} ${name} is ${JSON.stringify(told)}, not ${JSON.stringify(wanted)}`)
    }
    for (const name of found.keys())
      if (!platform.has(name)) problems.push(`${what} ${name} is not on the platform`)
  }
  return problems
}
