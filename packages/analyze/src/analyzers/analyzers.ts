import type { Analyzer } from './analyzer.ts'
import { browserSearch } from './browser/browser-search.ts'
import { domain } from './domains/domain.ts'
import { featureExtraction } from './features/feature-extraction.ts'
import { tagger } from './tagger/tagger.ts'

/** Every analyzer there is, in the order of lists. */
export const ANALYZERS: readonly Analyzer[] = [browserSearch, domain, featureExtraction, tagger]
