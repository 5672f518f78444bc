import type { ServiceContext } from '../service-context.ts'

/** Keeps acts apart that look at the marks of a sketch and write what follows from them: each sees what those before it wrote. */
export async function withMarkTurn<Result>(
  { turns }: Pick<ServiceContext, 'turns'>,
  sketchId: number,
  work: () => Promise<Result>,
): Promise<Result> {
  return await turns.take(`marks of sketch ${sketchId}`, work)
}
