import { type Actor, readUseCase } from '../../access'

/** Who the caller is proven to be in the current operation; `anonymous` when nothing it presents is valid. */
export const getActor = readUseCase({
  name: 'getActor',
  requires: 'anyone',
  organization: () => null,
  run: async ({ actor }, _input: Record<string, never>): Promise<Actor> => actor,
})
