import { Binary, FolderOpen, History, KeyRound, Plus, Repeat2, Save, Share, Waypoints, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect } from 'react'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { RecentSession } from '../../../shared/ipc/contract.ts'
import { pickFile } from '../../state/actions.ts'
import { useSession, useWorld } from '../../state/context.ts'
import type { Session } from '../../state/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatSize } from '../../ui/format.ts'
import { elidable, type RunRow, runNote, runStatus, runTree, splitPath, targetOf } from './sessions.ts'
import './sessions.css'

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** Sends a line that brings a run up, and shows it. */
function useShowing() {
  const session = useSession()
  return async (line: string) => {
    const outcome = await session.send(line)
    if (outcome.ok) session.show({ tab: outcome.value.run?.source === 'live' ? 'live' : 'lab' })
  }
}

/** Arrows go from row to row, Delete does what the row's last button does. */
function whenPressed(event: KeyboardEvent<HTMLUListElement>) {
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>('.session-name')]
  const at = names.findIndex((name) => name.closest('li')?.contains(document.activeElement))
  const row = names[at]?.closest('li')
  const target = targetOf(event.key, at, names.length - 1)
  if (target !== null) names[target]?.focus()
  else if (event.key === 'Delete') row?.querySelector<HTMLElement>('.session-close')?.click()
  else return
  event.preventDefault()
}

function Rows({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className="session-rows" aria-labelledby={label} onKeyDown={whenPressed}>
      {children}
    </ul>
  )
}

function OpenRun({ row: { run, depth } }: { readonly row: RunRow }) {
  const { send } = useSession()
  const shown = useWorld((world) => world.run?.id === run.id)
  const show = useShowing()
  // The list is told anew when runs come and go, the run that is shown at every change.
  const live = useWorld((world) => (world.run?.id === run.id ? world.run.live : run.live))
  const status = runStatus({ ...run, live })
  return (
    <li className="session-row" data-testid="open-run">
      {depth > 0 && <i className="branch" style={{ marginLeft: (depth - 1) * 22 + 6 }} aria-hidden="true" />}
      <button type="button" className="session-name" aria-current={shown} onClick={() => void show(`use ${run.id}`)}>
        <strong>{run.title}</strong>
        <small>{runNote(run)}</small>
      </button>
      {shown && <span className="chip shown">shown</span>}
      <span className="chip" title={status.says}>
        {status.word}
      </span>
      <Button
        look="small icon session-close"
        aria-label={`Close run ${run.id}`}
        title="Close (Delete)"
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
  const { head, tail } = elidable(folder)
  return (
    <li className="session-row">
      <button
        type="button"
        className="session-name"
        title={recent.path}
        onClick={() => void show(`open ${quoteWord(recent.path)}`)}
      >
        <strong>{file}</strong>
        <small className="session-path">
          <span>{head}</span>
          <span>{tail}</span>
        </small>
      </button>
      <span className="dim session-dialect">
        {recent.dialect === null ? 'Socket policy' : (name ?? recent.dialect)}
      </span>
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
        <Button
          look="outlined"
          icon={<Repeat2 />}
          disabled={runs.length === 0}
          title="Plays an end of the run that is shown against a living one"
          onClick={() => session.show({ overlay: 'replay' })}
        >
          Replay…
        </Button>
        <Button
          look="outlined"
          icon={<Share />}
          disabled={runs.length === 0}
          title="Writes the run that is shown, or a part of it, for others"
          onClick={() => session.show({ overlay: 'export' })}
        >
          Export…
        </Button>
      </div>
      {runs.length === 0 ? (
        <Empty title="No run is open" icon={<Waypoints />}>
          <p>A lab run puts a client, a server and a gate between them.</p>
        </Empty>
      ) : (
        <Rows label="open-runs">
          {runTree(runs).map((row) => (
            <OpenRun key={row.run.id} row={row} />
          ))}
        </Rows>
      )}
    </section>
  )
}

/** Bytes that are pasted while no dialog is open are offered as a session. */
function usePasting(session: Session) {
  useEffect(() => {
    const whenPasted = ({ target, clipboardData }: ClipboardEvent) => {
      const pasted = clipboardData?.getData('text/plain') ?? ''
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, dialog') !== null
      if (!isTyping && pasted.trim() !== '') session.show({ overlay: 'paste', pasted })
    }
    document.addEventListener('paste', whenPasted)
    return () => document.removeEventListener('paste', whenPasted)
  }, [session])
}

/** The runs that are open and the sessions of before. */
export function Sessions() {
  const session = useSession()
  const recent = useWorld((world) => world.app?.recent) ?? []
  usePasting(session)
  return (
    <main className="sessions" aria-label="Sessions">
      <OpenRuns />
      <section className="session-list" aria-labelledby="recent">
        <div className="session-head">
          <h2 id="recent">Recent sessions</h2>
          <span className="grow" />
          <Button
            look="outlined"
            icon={<Binary />}
            title="Opens bytes that you paste; Ctrl+V on this page does too"
            onClick={() => session.show({ overlay: 'paste' })}
          >
            Open hex dump…
          </Button>
          <Button
            look="outlined"
            icon={<KeyRound />}
            title="Opens a capture of wss:// with the secrets that a browser or another program wrote"
            onClick={() => session.show({ overlay: 'keylog' })}
          >
            With a key log…
          </Button>
          <Button look="outlined" icon={<FolderOpen />} onClick={() => void pickFile(session, 'open')}>
            Open…
          </Button>
        </div>
        {recent.length === 0 ? (
          <Empty title="No sessions yet" icon={<History />}>
            <p>Every run is recorded as it happens and shows up here. Files of Wireshark open too.</p>
          </Empty>
        ) : (
          <Rows label="recent">
            {recent.map((one) => (
              <Recent key={one.path} recent={one} />
            ))}
          </Rows>
        )}
      </section>
    </main>
  )
}
