/** What a stretch of time is called by people. */
export type TimeInterval = 'year' | 'month' | 'day' | 'day_of_week' | 'hour'
