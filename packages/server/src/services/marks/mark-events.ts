import type { Principal } from '../../auth/principal.ts'
import { invalid } from '../../errors/domain-error.ts'
import { findEventIds } from '../events/find-event-ids.ts'
import type { Services } from '../services.ts'
import { type MarkOptions, type MarkResult, type MarkTarget, STAR_LABEL } from './mark-service.ts'

/** The kinds of marks that people ask for by name; a star is the label that Timesketch shows as one. */
export type MarkWishKind = 'tag' | 'untag' | 'star' | 'unstar' | 'label' | 'unlabel' | 'comment'

/** One act of marking as people ask for it. */
export interface MarkWish extends MarkOptions {
  readonly kind: MarkWishKind
  /** Tag, label or comment; a star has none. */
  readonly value: string
  readonly target: MarkTarget
}

/**
 * Marks events as somebody asked for. A comment on all events that answer a question becomes one on each of them.
 *
 * @throws {DomainError} `invalid` (`no-value`), and what the mark service throws.
 */
export async function markEvents(
  services: Pick<Services, 'marks' | 'explore'>,
  principal: Principal,
  sketchId: number,
  wish: MarkWish,
): Promise<MarkResult> {
  const { kind, value, target, ...options } = wish
  const { marks } = services
  if (kind !== 'star' && kind !== 'unstar' && value === '')
    throw invalid('no-value', `A ${kind} needs a value, found none.`)
  switch (kind) {
    case 'tag':
      return await marks.addTags(principal, sketchId, [value], target, options)
    case 'untag':
      return await marks.removeTags(principal, sketchId, [value], target, options)
    case 'star':
      return await marks.addLabel(principal, sketchId, STAR_LABEL, target, options)
    case 'unstar':
      return await marks.removeLabel(principal, sketchId, STAR_LABEL, target, options)
    case 'label':
      return await marks.addLabel(principal, sketchId, value, target, options)
    case 'unlabel':
      return await marks.removeLabel(principal, sketchId, value, target, options)
    case 'comment': {
      const { signal } = options
      const ids =
        'ids' in target
          ? target.ids
          : await findEventIds(services.explore, principal, {
              sketchId,
              ...target,
              ...(signal === undefined ? {} : { signal }),
            })
      const foundBy = 'ids' in target ? {} : { foundBy: target.queryText }
      return (await marks.addComment(principal, sketchId, ids, value, foundBy)).result
    }
    default:
      return kind satisfies never
  }
}
