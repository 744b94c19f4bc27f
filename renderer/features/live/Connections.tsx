import { Cable } from 'lucide-react'
import { formatAddress } from '../../../shared/capture/addresses.ts'
import type { ConnectionRow } from '../../../shared/ipc/live.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { useRows } from '../../state/rows.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { FaultCount } from '../../ui/FaultChip.tsx'
import { formatSize } from '../../ui/format.ts'
import { Table } from '../../ui/Table.tsx'
import { shapingText, stateOf } from './live.ts'
import './live.css'

function State({ row }: { readonly row: ConnectionRow }) {
  const { word, says, look } = stateOf(row)
  return (
    <span className={`chip ${look}`} title={says}>
      {word}
    </span>
  )
}

function lanesText({ gates }: ConnectionRow): string {
  if (!gates) return ''
  const { clientToServer: client, serverToClient: server } = gates
  const word = (gate: typeof client) => `${gate.mode === 'held' ? 'held' : 'runs'}${shapingText(gate) && ', shaped'}`
  return word(client) === word(server) ? word(client) : `client ${word(client)}, server ${word(server)}`
}

function Row({ row, shown }: { readonly row: ConnectionRow; readonly shown: boolean }) {
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  const dialect = row.dialect && (dialects.find(({ id }) => id === row.dialect)?.name ?? row.dialect)
  return (
    <>
      <code aria-current={shown}>{row.id}</code>
      <State row={row} />
      <code className="dim">{formatAddress(row.client)}</code>
      <code className="dim">{row.server ? formatAddress(row.server) : ''}</code>
      <span>{row.policy ? 'socket policy' : dialect}</span>
      <code className="of-client end-name">{formatSize(row.bytes.clientToServer)}</code>
      <code className="of-server end-name">{formatSize(row.bytes.serverToClient)}</code>
      <code>{row.units.toLocaleString('en')}</code>
      <span>{row.worst !== null && <FaultCount count={row.faults} worst={row.worst} />}</span>
      <span className="dim">{row.state === 'refused' ? row.says : lanesText(row)}</span>
    </>
  )
}

const heads = ['', 'State', 'Client', 'Server', 'Dialect', 'From client', 'From server', 'Units', 'Faults', 'Lanes']

/** The connections of the run, one row each; a click shows one. */
export function Connections() {
  const { send } = useSession()
  const shown = useWorld((world) => world.run?.connection)
  const { total, from, rows, loaded, error, retry, whenVisible } = useRows('connections')
  if (error) return <Trouble says={error} retry={retry} />
  if (loaded && total === 0) {
    return (
      <Empty title="No connections yet" icon={<Cable />}>
        <p>They appear here as soon as a client connects.</p>
      </Empty>
    )
  }
  return (
    <Table
      label="Connections"
      heads={heads}
      columns="40px 74px 148px 148px 96px 84px 84px 60px 52px minmax(80px, 1fr)"
      count={total}
      onVisible={whenVisible}
      row={(index) => {
        const row = rows[index - from]
        return row && <Row row={row} shown={row.id === shown} />
      }}
      onPick={(index) => {
        const row = rows[index - from]
        if (row && row.state !== 'dialling') void send(`connection ${row.id}`, { quiet: true })
      }}
    />
  )
}
