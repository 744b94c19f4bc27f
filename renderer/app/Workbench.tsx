import { FolderOpen, Rocket } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Group, type Layout, type LayoutChangedMeta, Panel, Separator } from 'react-resizable-panels'
import { BytesPane } from '../features/bytes/BytesPane.tsx'
import { Composer } from '../features/compose/Composer.tsx'
import { Injector } from '../features/compose/Injector.tsx'
import { Explain } from '../features/explain/Explain.tsx'
import { Ladder } from '../features/ladder/Ladder.tsx'
import { Waiting } from '../features/live/Waiting.tsx'
import { Timeline } from '../features/timeline/Timeline.tsx'
import { perform } from '../state/actions.ts'
import { useSession, useWorld } from '../state/context.ts'
import { SelectedContext, useSelectedUnit } from '../state/unit.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { BottomPanel } from './BottomPanel.tsx'
import { bytesWidth, type LayoutName, panes, sizesByPane } from './layout.ts'
import './workbench.css'

/** Sizes of one group: as saved at the start, and saved again when the person changes them. */
function useSizes(name: LayoutName) {
  const session = useSession()
  const [start] = useState(() => {
    const saved = session.world.getState().app?.settings.layout[name]
    return sizesByPane(name, saved, { width: window.innerWidth, height: window.innerHeight })
  })
  const save = (layout: Layout, { isUserInteraction }: LayoutChangedMeta) => {
    const settings = session.world.getState().app?.settings
    if (!isUserInteraction || !settings) return
    const sizes = panes[name].map((pane) => layout[pane] ?? 0)
    void session.settle({ layout: { ...settings.layout, [name]: sizes } })
  }
  return { defaultLayout: start, onLayoutChanged: save }
}

function NoRun() {
  const session = useSession()
  return (
    <Empty title="No run is open" icon={<Rocket />}>
      <p>Start a lab run to step through a handshake, or open a saved session.</p>
      <div className="row-of-buttons">
        <Button look="primary" onClick={() => void session.send('lab')}>
          New lab run
        </Button>
        <Button look="outlined" icon={<FolderOpen />} onClick={() => perform(session, 'open')}>
          Open…
        </Button>
      </div>
    </Empty>
  )
}

function Columns() {
  return (
    <Group className="columns" orientation="horizontal" {...useSizes('columns')}>
      <Panel id="ladder-pane" minSize={270}>
        <Ladder
          footer={
            <>
              <Composer />
              <Injector />
            </>
          }
        />
      </Panel>
      <Separator className="separator" aria-label="Width of the ladder" />
      <Panel id="bytes-pane" minSize={bytesWidth - 30}>
        <BytesPane />
      </Panel>
      <Separator className="separator" aria-label="Width of the explanation" />
      <Panel id="explain-pane" minSize={280}>
        <Explain />
      </Panel>
    </Group>
  )
}

/** The panes around one run, or what to do while there is nothing to show in them. */
function Upper() {
  const open = useWorld((world) => world.run !== null)
  const waiting = useWorld(({ run }) => (run?.connectionCount === 0 ? run.tap : null))
  if (waiting) return <Waiting tap={waiting} />
  return open ? <Columns /> : <NoRun />
}

/** Only what reads the selected unit is drawn again with it. */
function WithSelectedUnit({ children }: { readonly children: ReactNode }) {
  return <SelectedContext value={useSelectedUnit()}>{children}</SelectedContext>
}

/** The panes around one run. */
export function Workbench({ label }: { readonly label: string }) {
  const open = useWorld((world) => world.run !== null)
  return (
    <WithSelectedUnit>
      <main className="workbench" aria-label={label}>
        <Group orientation="vertical" {...useSizes('rows')}>
          <Panel id="upper-pane" minSize={220}>
            <Upper />
          </Panel>
          <Separator className="separator flat" aria-label="Height of the lower panel" />
          <Panel id="lower-pane" minSize={140} className="bottom">
            {open && <Timeline />}
            <BottomPanel />
          </Panel>
        </Group>
      </main>
    </WithSelectedUnit>
  )
}
