import { accountFinder } from './account-finder.ts'
import type { Analyzer } from './analyzer.ts'
import { browserSearch } from './browser/browser-search.ts'
import { browserTimeframe } from './browser/browser-timeframe.ts'
import { chain } from './chain/chain.ts'
import { domain } from './domains/domain.ts'
import { phishyDomains } from './domains/phishy-domains.ts'
import { featureExtraction } from './features/feature-extraction.ts'
import { login } from './logins/login.ts'
import { sshBruteForce } from './logins/ssh-brute-force.ts'
import { windowsBruteForce } from './logins/windows-brute-force.ts'
import { similarityScorer } from './similarity/similarity-scorer.ts'
import { tagger } from './tagger/tagger.ts'
import { evtxGap } from './windows/evtx-gap.ts'
import { winCrash } from './windows/win-crash.ts'

/** Every analyzer there is, in the order of lists. */
export const ANALYZERS: readonly Analyzer[] = [
  accountFinder,
  browserSearch,
  browserTimeframe,
  chain,
  domain,
  evtxGap,
  featureExtraction,
  login,
  phishyDomains,
  similarityScorer,
  sshBruteForce,
  tagger,
  winCrash,
  windowsBruteForce,
]
