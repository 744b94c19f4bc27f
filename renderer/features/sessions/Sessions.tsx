import { CornerDownRight, FolderOpen, History, Plus, Save, X } from 'lucide-react'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { RecentSession } from '../../../shared/ipc/contract.ts'
import { pickFile } from '../../state/actions.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatSize } from '../../ui/format.ts'
import { type RunRow, runTree, splitPath } from './sessions.ts'
import './sessions.css'

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** Sends a line that brings a run up, and shows it. */
function useShowing() {
  const session = useSession()
  return async (line: string) => {
    const outcome = await session.send(line)
    if (outcome.ok) session.show({ tab: 'lab' })
  }
}

function OpenRun({ row: { run, depth } }: { readonly row: RunRow }) {
  const { send } = useSession()
  const current = useWorld((world) => world.run)
  const show = useShowing()
  const shown = current?.id === run.id
  return (
    <li className="session-row" style={{ paddingLeft: 12 + depth * 22 }} data-testid="open-run">
      {depth > 0 && <CornerDownRight size={15} aria-label="Fork of the run above" />}
      <button type="button" className="session-name" aria-current={shown} onClick={() => void show(`use ${run.id}`)}>
        <strong>{run.title}</strong>
        <small>
          run {run.id}
          {depth > 0 && ', fork'}
        </small>
      </button>
      <span className="chip">{run.live ? 'live' : run.source === 'file' ? 'file' : 'ended'}</span>
      {shown && <span className="chip">shown</span>}
      <Button
        look="small icon"
        aria-label={`Close run ${run.id}`}
        icon={<X />}
        onClick={() => void send(`close-run ${run.id}`)}
      />
    </li>
  )
}

function Recent({ recent }: { readonly recent: RecentSession }) {
  const show = useShowing()
  const name = useWorld((world) => world.app?.dialects.find(({ id }) => id === recent.dialect)?.name)
  const { folder, name: file } = splitPath(recent.path)
  return (
    <li className="session-row">
      <button
        type="button"
        className="session-name"
        title={recent.path}
        onClick={() => void show(`open ${quoteWord(recent.path)}`)}
      >
        <strong>{file}</strong>
        <small>{folder}</small>
      </button>
      <span className="dim">{name ?? recent.dialect}</span>
      <code className="dim session-size">{recent.size > 0 && formatSize(recent.size)}</code>
      <time className="dim session-time">{when.format(recent.time)}</time>
    </li>
  )
}

function OpenRuns() {
  const session = useSession()
  const runs = useWorld((world) => world.app?.runs) ?? []
  const show = useShowing()
  return (
    <section className="session-list" aria-labelledby="open-runs">
      <div className="session-head">
        <h2 id="open-runs">Open runs</h2>
        <span className="grow" />
        <Button look="outlined" icon={<Plus />} onClick={() => void show('lab')}>
          New lab run
        </Button>
        <Button
          look="outlined"
          icon={<Save />}
          disabled={runs.length === 0}
          title="Saves the run that is shown"
          onClick={() => void pickFile(session, 'save')}
        >
          Save as…
        </Button>
      </div>
      {runs.length === 0 ? (
        <Empty title="No run is open">
          <p>A lab run puts a client, a server and a gate between them.</p>
        </Empty>
      ) : (
        <ul>
          {runTree(runs).map((row) => (
            <OpenRun key={row.run.id} row={row} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** The runs that are open and the sessions of before. */
export function Sessions() {
  const session = useSession()
  const recent = useWorld((world) => world.app?.recent) ?? []
  return (
    <main className="sessions" aria-label="Sessions">
      <OpenRuns />
      <section className="session-list" aria-labelledby="recent">
        <div className="session-head">
          <h2 id="recent">Recent sessions</h2>
          <span className="grow" />
          <Button look="outlined" icon={<FolderOpen />} onClick={() => void pickFile(session, 'open')}>
            Open…
          </Button>
        </div>
        {recent.length === 0 ? (
          <Empty title="No sessions yet" icon={<History />}>
            <p>Every run is recorded as it happens and shows up here. Files of Wireshark open too.</p>
          </Empty>
        ) : (
          <ul>
            {recent.map((one) => (
              <Recent key={one.path} recent={one} />
            ))}
          </ul>
        )}
      </section>
    </main>
  )
}
