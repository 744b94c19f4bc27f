import { AlignStartVertical } from 'lucide-react'
import type { SegmentView } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { useRows } from '../../state/rows.ts'
import { Direction } from '../../ui/Direction.tsx'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { formatDuration, formatSize } from '../../ui/format.ts'
import { Table } from '../../ui/Table.tsx'

function Row({ segment, start }: { readonly segment: SegmentView; readonly start: number }) {
  return (
    <>
      <code className="dim">{segment.record}</code>
      <code className="dim">{formatDuration(segment.time - start)}</code>
      <span>{segment.side}</span>
      {segment.lane ? <Direction lane={segment.lane} /> : <End end={segment.end} />}
      <span title={segment.says}>{segment.says}</span>
      <code className="dim">{segment.size > 0 && formatSize(segment.size)}</code>
    </>
  )
}

function End({ end }: { readonly end: SegmentView['end'] }) {
  return end ? <span className={`end-name of-${end}`}>{end}</span> : <span />
}

/** The log itself: every read and write on the wire, and what was done at the ends and the gate. */
export function Segments() {
  const { select } = useSession()
  const start = useWorld((world) => world.run?.startTime ?? 0)
  const { total, from, rows, loaded, error, retry, whenVisible } = useRows('segments')
  if (error) return <Trouble says={error} retry={retry} />
  if (loaded && total === 0) {
    return <Empty title="Nothing is recorded as of here" icon={<AlignStartVertical />} />
  }
  return (
    <Table
      label="Segments"
      heads={['Record', 'Time', 'Side', 'Where', 'What', 'Size']}
      columns="56px 80px 76px 120px 1fr 72px"
      count={total}
      onVisible={whenVisible}
      row={(index) => {
        const segment = rows[index - from]
        return segment && <Row segment={segment} start={start} />
      }}
      onPick={(index) => {
        const segment = rows[index - from]
        if (segment?.lane && segment.span) {
          select({ lane: segment.lane, offset: segment.span.start, span: segment.span })
        }
      }}
    />
  )
}
