import { ShieldCheck } from 'lucide-react'
import type { FaultView } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { useRows } from '../../state/rows.ts'
import { Direction } from '../../ui/Direction.tsx'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { FaultChip } from '../../ui/FaultChip.tsx'
import { formatDuration, formatOffset } from '../../ui/format.ts'
import { Table } from '../../ui/Table.tsx'

function Row({ fault, start }: { readonly fault: FaultView; readonly start: number }) {
  return (
    <>
      <code className="dim">{formatDuration(fault.time - start)}</code>
      <Direction lane={fault.lane} />
      <code>{formatOffset(fault.span.start)}</code>
      <FaultChip code={fault.code} severity={fault.severity} />
      <span title={`${fault.says}\n${fault.consequence}`}>{fault.says}</span>
      <span className="dim">{fault.cite}</span>
    </>
  )
}

/** Every broken rule as of the cursor. */
export function Faults() {
  const { select } = useSession()
  const start = useWorld((world) => world.run?.startTime ?? 0)
  const { total, from, rows, loaded, error, retry, whenVisible } = useRows('faults')
  if (error) return <Trouble says={error} retry={retry} />
  if (loaded && total === 0) {
    return (
      <Empty title="No rule is broken" icon={<ShieldCheck />}>
        <p>Change held bytes at the gate to see what an end does about it.</p>
      </Empty>
    )
  }
  return (
    <Table
      label="Faults"
      heads={['Time', 'Direction', 'Offset', 'Code', 'What is wrong', 'Rule']}
      columns="80px 120px 72px minmax(120px, 190px) 1fr minmax(90px, 190px)"
      count={total}
      onVisible={whenVisible}
      row={(index) => {
        const fault = rows[index - from]
        return fault && <Row fault={fault} start={start} />
      }}
      onPick={(index) => {
        const fault = rows[index - from]
        if (fault) select({ lane: fault.lane, offset: fault.span.start, span: fault.span })
      }}
    />
  )
}
