// What stands around the arrows.
import { ChevronDown, ChevronRight } from 'lucide-react'
import type { ConnectionView } from '../../../shared/capture/view.ts'
import { type IntermediaryKind, intermediaries } from '../../../shared/intermediaries/intermediary.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { formatCount } from '../../ui/format.ts'
import { footOf } from './foot.ts'
import { endsOf, lifelines, nameOnLine } from './ladder.ts'

interface EndsProps {
  readonly connection: ConnectionView | undefined
  /** What stands in between. */
  readonly via: readonly IntermediaryKind[]
}

export function Ends({ connection, via }: EndsProps) {
  if (via.length > 0) return <Lifelines via={via} />
  const { client, server } = endsOf(connection)
  return (
    <div className="ends" data-testid="ends">
      <span className="of-client" title={client.address}>
        <i className="dot" />
        {client.name} <small>{client.where}</small>
      </span>
      <span className="of-server" title={server.address}>
        <small>{server.where}</small> {server.name}
        <i className="dot" />
      </span>
    </div>
  )
}

/** The ends and what is between them, each over its line. */
function Lifelines({ via }: Pick<EndsProps, 'via'>) {
  return (
    <div className="ends lifelines" data-testid="lifelines">
      {lifelines(via).map((name, at) => {
        const kind = via[at - 1]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a kind may stand there twice, and places do not move
          <span key={at} title={kind ? intermediaries[kind].says : undefined} style={nameOnLine(at, via.length + 1)}>
            {name}
          </span>
        )
      })}
    </div>
  )
}

/** What a node makes of what it sees. */
export function Said({ node, says }: { readonly node: string; readonly says: string }) {
  return (
    <p className="ladder-said" role="status" data-testid="ladder-said">
      <strong>{node}</strong> {says}
    </p>
  )
}

interface FoldProps {
  /** What folds. */
  readonly name: string
  readonly rows: number
  readonly folded: boolean
  readonly toggle: () => void
}

/** The line that folds the rows at the start. */
export function Fold({ name, rows, folded, toggle }: FoldProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of the virtual list
    <div role="row" tabIndex={-1}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="gridcell" tabIndex={-1}>
        <button type="button" className="fold" aria-expanded={!folded} onClick={toggle}>
          {folded ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
          {name}
          <small>{formatCount(rows, 'unit')}</small>
        </button>
      </div>
    </div>
  )
}

export function Head({ connection }: { readonly connection: ConnectionView | undefined }) {
  const { send } = useSession()
  const connections = useWorld((world) => world.run?.connections) ?? []
  const fork = useWorld((world) => world.run?.forkOf)
  return (
    <div className="pane-head">
      <h2>Ladder</h2>
      {connections.length > 1 && (
        <select
          className="pick"
          aria-label="Connection"
          value={connection?.id}
          onChange={(event) => void send(`connection ${event.target.value}`)}
        >
          {connections.map(({ id }) => (
            <option key={id} value={id}>
              connection {id}
            </option>
          ))}
        </select>
      )}
      {fork && <span className="chip">fork of run {fork.run}</span>}
      <span className="aside">
        {connection && `${connection.server.host}:${connection.server.port}`}
        {connection?.seed !== undefined && ` · seed ${connection.seed}`}
      </span>
    </div>
  )
}

export function Footer({ run }: { readonly run: RunView }) {
  const foot = footOf(run)
  return (
    <p className={`ladder-foot ${foot.look}`} data-testid="ladder-foot">
      {foot.says}
    </p>
  )
}
