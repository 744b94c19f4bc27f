import { MessagesSquare } from 'lucide-react'
import type { MessageView } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { useRows } from '../../state/rows.ts'
import { Direction } from '../../ui/Direction.tsx'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { formatDuration, formatSize } from '../../ui/format.ts'
import { Table } from '../../ui/Table.tsx'

function Row({ message, start }: { readonly message: MessageView; readonly start: number }) {
  return (
    <>
      <code className="dim">{formatDuration(message.time - start)}</code>
      <Direction lane={message.lane} />
      <span>{message.type}</span>
      <code className={`role-${message.type}`}>{message.preview}</code>
      <span className="dim">{message.fragments > 1 && `${message.fragments} frames`}</span>
      <code className="dim">{formatSize(message.size)}</code>
    </>
  )
}

/** What the applications at the ends got, one row a message. */
export function Messages() {
  const { select } = useSession()
  const start = useWorld((world) => world.run?.startTime ?? 0)
  const { total, from, rows, loaded, error, retry, whenVisible } = useRows('messages')
  if (error) return <Trouble says={error} retry={retry} />
  if (loaded && total === 0) {
    return (
      <Empty title="No messages yet" icon={<MessagesSquare />}>
        <p>Once both ends are OPEN, send one below the ladder and step it through.</p>
      </Empty>
    )
  }
  return (
    <Table
      label="Messages"
      heads={['Time', 'Direction', 'Type', 'Content', '', 'Size']}
      columns="80px 120px 56px 1fr 76px 72px"
      count={total}
      onVisible={whenVisible}
      row={(index) => {
        const message = rows[index - from]
        return message && <Row message={message} start={start} />
      }}
      onPick={(index) => {
        const message = rows[index - from]
        if (message) select({ lane: message.lane, offset: message.span.start, span: null })
      }}
    />
  )
}
