// The socket policy exchange of Silverlight as a run: a policy server, a client that asks it, and a tap in between that holds
// both lanes, so that every byte is stepped.
import type { Address } from '../../shared/capture/record.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { failure, type Result } from '../../shared/ipc/result.ts'
import { policyPort, policyVerdict } from '../../shared/profile/policy.ts'
import { firstPort } from '../../shared/profile/prototype2010.ts'
import type { Run, Workspace } from '../lab/types.ts'
import { askPolicy, cannotListen, type PolicyServer, servePolicy } from '../net/policy.ts'

export type PolicyWishes = Pick<Call<'policy'>['args'], 'listen' | 'host' | 'grant' | 'ask'>

export interface Policies {
  /** In place of the one before, whose port it may want. Its run is the current one from then on. */
  start(wishes: PolicyWishes): Promise<Result<Run>>
}

export function createPolicies(workspace: Workspace, onProblem: (sentence: string) => void): Policies {
  let last: number | null = null

  /** A port the person named is meant; the usual one is only wished for, since our own client can be told another. */
  async function open(wishes: PolicyWishes): Promise<Result<Run>> {
    const listen = { host: wishes.host, port: wishes.listen ?? policyPort }
    const opened = await openAt(listen, wishes)
    if (opened.ok) return opened
    const problem = cannotListen(opened.error, listen)
    return wishes.listen === undefined
      ? openAt({ ...listen, port: 0 }, wishes, `${problem} Until then this session has a free port in its place.`)
      : failure(problem)
  }

  async function openAt(listen: Address, { grant, ask = firstPort }: PolicyWishes, warning?: string) {
    const server = await servePolicy({
      ...{ listen: { host: '127.0.0.1', port: 0 }, ports: grant, timeout: null },
      ...{ onEvent: () => {}, onProblem },
    })
    return server.ok ? openBefore(server.value, listen, ask, warning) : server
  }

  async function openBefore(server: PolicyServer, listen: Address, port: number, warning?: string) {
    const opened = await workspace.openTap({
      ...{ listen, behind: server.address, server, dialect: 'auto', mode: 'held' },
      title: `Silverlight socket policy, port ${port} asked for`,
      client: async (at) => {
        const asked = await askPolicy({ at, port, timeout: null })
        return asked.ok ? policyVerdict(asked.value, port) : asked.error
      },
      ...(warning !== undefined && { warning }),
    })
    if (!opened.ok) await server.close()
    return opened
  }

  return {
    start: async (wishes) => {
      const before = workspace.runs.find(({ id }) => id === last)
      if (before) await workspace.closeRun(before.id)
      const run = await open(wishes)
      if (run.ok) last = run.value.id
      return run
    },
  }
}
