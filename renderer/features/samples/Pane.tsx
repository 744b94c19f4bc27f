import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import type { PaneLink } from '../../bridge/paneSockets.ts'
import type { Turns } from '../../bridge/turns.ts'
import { Button } from '../../ui/Button.tsx'
import { Frame } from './Frame.tsx'
import { LinkChip } from './LinkChip.tsx'

interface Props {
  readonly sample: SampleView
  readonly turns: Turns
  readonly title: string
  /** What the person of its page is called. */
  readonly name: string
  /** Its page is not loaded yet. */
  readonly waits?: boolean
  /** Its page has connected, or has found that it cannot. */
  readonly onSettled?: () => void
}

/** One client of the sample: a page, and which connection it has. */
export function Pane({ sample, turns, title, name, waits = false, onSettled }: Props) {
  const [load, setLoad] = useState(0)
  const [link, setLink] = useState<PaneLink | null>(null)
  const relink = (next: PaneLink) => {
    setLink(next)
    if (next.state !== 'connecting') onSettled?.()
  }
  const loadAgain = () => {
    setLink(null)
    setLoad(load + 1)
  }
  return (
    <section className="client-pane" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <LinkChip link={link} />
        <span className="grow" />
        <Button
          look="small icon"
          icon={<RotateCw />}
          aria-label={`Load the page of ${title} again`}
          title="Load this page again"
          onClick={loadAgain}
        />
      </header>
      {!waits && <Frame key={load} {...{ sample, turns, title, name }} isAwake={link !== null} onLink={relink} />}
    </section>
  )
}
