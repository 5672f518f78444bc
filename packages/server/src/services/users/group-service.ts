import type { Principal } from '../../auth/principal.ts'

/** A named set of users, to whom sketches can be opened together. */
export interface Group {
  readonly id: number
  readonly name: string
  readonly description: string
  /** Undefined: nobody's own, everybody may grant to it. */
  readonly ownerId: number | undefined
}

/** Groups of users. Changes are for administrators. */
export interface GroupService {
  list(): Promise<readonly Group[]>
  findByName(name: string): Promise<Group | undefined>
  create(principal: Principal, input: { name: string; description?: string }): Promise<Group>
  delete(principal: Principal, groupId: number): Promise<void>
  addMember(principal: Principal, groupId: number, userId: number): Promise<void>
  removeMember(principal: Principal, groupId: number, userId: number): Promise<void>
  listMembers(groupId: number): Promise<readonly { userId: number; username: string }[]>
}
