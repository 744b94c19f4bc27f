import { ArrowRight, ChevronsRight, GitFork, ListTree, Pause, Play, StepForward, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Role, roles } from '../../shared/bytes/lanes.ts'
import type { ConnectionView } from '../../shared/capture/view.ts'
import { commandNamed } from '../../shared/commands/registry.ts'
import type { RunView } from '../../shared/ipc/contract.ts'
import { perform } from '../state/actions.ts'
import { useSession, useWorld } from '../state/context.ts'
import { Button } from '../ui/Button.tsx'
import { keyCap } from './keys.ts'
import { type ToolName, toolState } from './toolbar.ts'
import './toolbar.css'

interface Tool {
  readonly name: ToolName
  /** What the button says; its accessible name is the command's title. */
  readonly says: string
  readonly icon: ReactNode
  readonly look?: string
}

const tools: readonly (readonly Tool[])[] = [
  [{ name: 'back', says: 'Back', icon: <Undo2 /> }],
  [
    { name: 'step unit', says: 'Step unit', icon: <ArrowRight />, look: 'primary' },
    { name: 'step field', says: 'Field', icon: <ListTree /> },
    { name: 'step byte', says: 'Byte', icon: <StepForward /> },
    { name: 'step all', says: 'All held', icon: <ChevronsRight /> },
  ],
  [
    { name: 'run', says: 'Run', icon: <Play /> },
    { name: 'pause', says: '', icon: <Pause />, look: 'icon' },
  ],
  [{ name: 'fork', says: 'Fork here', icon: <GitFork /> }],
]

function ToolButton({ tool }: { readonly tool: Tool }) {
  const session = useSession()
  const why = useWorld(({ run }) => toolState(tool.name, run).why)
  const { title, help, key } = commandNamed(tool.name)
  return (
    <Button
      look={tool.look ?? ''}
      icon={tool.icon}
      hint={key && tool.says ? keyCap(key) : undefined}
      aria-label={title}
      aria-keyshortcuts={key}
      title={[`${title}${key ? ` (${key})` : ''}`, why || help].join('\n')}
      disabled={why !== ''}
      onClick={() => perform(session, tool.name)}
    >
      {tool.says}
    </Button>
  )
}

function StateChip({ role, connection }: { readonly role: Role; readonly connection: ConnectionView }) {
  const { show } = useSession()
  const name = role === 'client' ? 'Client' : 'Server'
  return (
    <button
      type="button"
      className={`state-chip of-${role}`}
      data-testid={`state-${role}`}
      title={`State of the ${role}. Click for its state machine.`}
      onClick={() => show({ bottom: 'states' })}
    >
      <i className="dot" />
      {name}
      <b key={connection.states[role]} data-state={connection.states[role]}>
        {connection.states[role]}
      </b>
    </button>
  )
}

/** With nodes in between, the client is on the first leg and the server on the last. */
function endOf(role: Role, shown: ConnectionView, run: RunView | null): ConnectionView {
  if (!run || run.via.length === 0) return shown
  return (role === 'client' ? run.connections[0] : run.connections.at(-1)) ?? shown
}

function StateChips() {
  const run = useWorld((world) => world.run)
  const connection = run?.connections.find((one) => one.id === run.connection)
  return (
    connection && roles.map((role) => <StateChip key={role} role={role} connection={endOf(role, connection, run)} />)
  )
}

/** Stepping, running, forking, and the state both ends are in. */
export function Toolbar() {
  return (
    <section className="toolbar" aria-label="Run">
      <div className="toolbar-tools" role="toolbar" aria-label="Stepping">
        {tools.map((group) => (
          <div className="toolbar-group" key={group[0]?.name}>
            {group.map((tool) => (
              <ToolButton key={tool.name} tool={tool} />
            ))}
          </div>
        ))}
      </div>
      <span className="grow" />
      <StateChips />
    </section>
  )
}
