import { useEffect, useRef } from 'react'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import type { PaneLink } from '../../bridge/paneSockets.ts'
import { type Relay, relayPort } from '../../bridge/relay.ts'
import type { Turns } from '../../bridge/turns.ts'
import { perform } from '../../state/actions.ts'
import { useSession } from '../../state/context.ts'
import { useTheme } from '../../state/theme.ts'

interface Props {
  readonly sample: SampleView
  readonly turns: Turns
  readonly title: string
  readonly name: string
  /** It has asked for a connection, and so has its colours. */
  readonly isAwake: boolean
  onLink(link: PaneLink): void
}

/** A page in a document and an origin of its own. Each time it is loaded it gets a port, over which it has its sockets. */
export function Frame({ sample: { name: page, url, dialect }, turns, title, name, isAwake, onLink }: Props) {
  const session = useSession()
  const theme = useTheme()
  const frame = useRef<HTMLIFrameElement>(null)
  const relay = useRef<Relay | null>(null)
  useEffect(() => () => relay.current?.close(), [])
  useEffect(() => relay.current?.tell({ theme }), [theme])
  const welcome = () => {
    const { port1, port2 } = new MessageChannel()
    relay.current?.close()
    relay.current = relayPort(port1, session.bridge, {
      ...{ url, dialect, turns, onLink },
      // A key is pressed where the focus is.
      onCommand: (command) => document.activeElement === frame.current && perform(session, command),
    })
    // A sandboxed page has no origin that could be named; that it is ours the policies see to.
    frame.current?.contentWindow?.postMessage({ url, dialect, name, theme }, '*', [port2])
  }
  return (
    <iframe
      ref={frame}
      title={`The page of ${title}`}
      src={`./pages/${page}/`}
      sandbox="allow-scripts allow-forms"
      data-awake={isAwake}
      onLoad={welcome}
    />
  )
}
