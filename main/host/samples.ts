// The samples that have a server: a service of ours, and a tap before it, so that every byte of it is recorded and can be
// stepped through.

import { formatAddress } from '../../shared/capture/addresses.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import type { SampleView } from '../../shared/ipc/contract.ts'
import type { Result } from '../../shared/ipc/result.ts'
import type { ServedSample } from '../../shared/samples/names.ts'
import type { Run, Workspace } from '../lab/types.ts'
import { hostService } from '../services/hostService.ts'
import { loadService } from '../services/loadService.ts'

export interface Samples {
  /** Null when none runs; its run may have been closed like any other. */
  readonly current: SampleView | null
  /** In place of the one that runs. Its run is the current one from then on. */
  start(name: ServedSample, dialect: DialectId): Promise<Result<Run>>
}

const titles: Readonly<Record<ServedSample, string>> = { chat: 'Web chat', quotes: 'Stock quotes' }

export interface SamplesTold {
  /** Another sample runs. */
  onChange(): void
  onProblem(sentence: string): void
}

export function createSamples(workspace: Workspace, { onChange, onProblem }: SamplesTold): Samples {
  let last: SampleView | null = null

  function current(): SampleView | null {
    return workspace.runs.some(({ id }) => id === last?.run) ? last : null
  }

  async function serve(name: ServedSample, dialect: DialectId): Promise<Result<Run>> {
    const service = await loadService(name)
    const server = service.ok ? await hostService(service.value, { dialect, onProblem }) : service
    if (!server.ok) return server
    const tapped = await workspace.openTap({
      ...{ listen: { host: '127.0.0.1', port: 0 }, upstream: server.value.url, dialect, mode: 'running' },
      title: `${titles[name]}, ${dialectById(dialect).name}`,
      server: server.value,
    })
    if (!tapped.ok) await server.value.close()
    return tapped
  }

  return {
    get current() {
      return current()
    },
    start: async (name, dialect) => {
      const before = current()
      const run = await serve(name, dialect)
      if (!run.ok) return run
      const address = run.value.view().tap?.listening
      last = address ? { name, dialect, run: run.value.id, url: `ws://${formatAddress(address)}/` } : null
      onChange()
      // Behind the new one, so that the window is never without a run.
      if (before) await workspace.closeRun(before.run)
      return run
    },
  }
}
