import type { Comment } from '../../../services/marks/mark-service.ts'
import type { User } from '../../../services/users/user-service.ts'
import { httpDate, modelDate } from './dates.ts'
import { marshalUser } from './user.ts'

/** A comment as the answer to writing it. */
export function marshalComment(comment: Comment, user: User | undefined): Record<string, unknown> {
  return {
    id: comment.id,
    comment: comment.text,
    user: marshalUser(user),
    created_at: modelDate(comment.createdAtMs),
    updated_at: modelDate(comment.updatedAtMs),
  }
}

/** A comment as `meta.comments` of an event has it. */
export function marshalCommentLine(comment: Comment): Record<string, unknown> {
  return {
    id: comment.id,
    user: { username: comment.username },
    created_at: httpDate(comment.createdAtMs),
    updated_at: httpDate(comment.updatedAtMs),
    comment: comment.text,
  }
}
