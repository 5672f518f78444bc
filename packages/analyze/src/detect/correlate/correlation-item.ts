/** A hit as a correlation sees it: of a rule, or of another correlation. */
export interface CorrelationItem<Source> {
  readonly timeUs: bigint
  /** Which of the correlation's rules found it: an index into its list. */
  readonly rule: number
  /** What the condition counts or reckons with: the fields' values put together; undefined where one is missing. */
  readonly value: string | undefined
  readonly source: Source
}

/** Items of a group that fulfil a correlation together. */
export interface CorrelationFinding<Source> {
  /** In the order of time. */
  readonly items: readonly CorrelationItem<Source>[]
  /** The highest figure that the condition was held against. */
  readonly figure: number
}
