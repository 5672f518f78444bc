/** 1 is the highest; at 70 and 40 of our 0 to 100. */
export function toSeverity(severity: number): 1 | 2 | 3 {
  return severity >= 70 ? 1 : severity >= 40 ? 2 : 3
}

/** The severities of ours that are one of theirs; both ends belong to it. */
export function spanOfSeverity(severity: number): {
  readonly minSeverity: number
  readonly maxSeverity: number
} {
  if (severity === 1) return { minSeverity: 70, maxSeverity: 100 }
  return severity === 2 ? { minSeverity: 40, maxSeverity: 69 } : { minSeverity: 0, maxSeverity: 39 }
}

/** Sigma's level of a severity. */
export function toLevel(severity: number): 'high' | 'medium' | 'low' {
  return severity === 1 ? 'high' : severity === 2 ? 'medium' : 'low'
}

/** The severity of Sigma's level. */
export function ofLevel(level: string | undefined): 1 | 2 | 3 {
  if (level === 'critical' || level === 'high') return 1
  return level === 'medium' ? 2 : 3
}
