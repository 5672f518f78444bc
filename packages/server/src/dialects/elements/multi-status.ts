import type { ElementsTargetResult } from '@timeskein/model/elements'
import { isDomainError } from '../../errors/domain-error.ts'
import type { AppContext } from '../../http/app-types.ts'
import { toProblem } from '../../http/problem.ts'
import { transactionIdOf } from './transaction-id.ts'

/** What an act says of a target that it was done to. */
type Outcome = Omit<ElementsTargetResult, 'target'> & Readonly<Record<string, unknown>>

/** Does something to each target and answers 207 with what became of each; a refusal of one is in its own result. */
export async function answerTargets(
  c: AppContext,
  targets: readonly string[],
  act: (target: string) => Promise<Outcome>,
): Promise<Response> {
  const multistatus: Readonly<Record<string, unknown>>[] = []
  for (const target of targets) {
    try {
      multistatus.push({ target, ...(await act(target)) })
    } catch (error) {
      if (!isDomainError(error)) throw error
      const { status, detail } = toProblem(error, c.get('requestId'))
      multistatus.push({ target, status, details: detail })
    }
  }
  return c.json({ multistatus, transactionId: transactionIdOf(c) }, 207)
}
