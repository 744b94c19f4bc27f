import { useEffect, useState } from 'react'
import { TapBar } from '../features/live/TapBar.tsx'
import { TapForm } from '../features/live/TapForm.tsx'
import { useSession, useWorld } from '../state/context.ts'
import { Workbench } from './Workbench.tsx'

/** Whether what is shown is live traffic; when it is not but some is open, that is shown from now on. */
function useLiveRun(): boolean {
  const { send } = useSession()
  const isShown = useWorld((world) => world.run?.source === 'live')
  const other = useWorld((world) => world.app?.runs.filter(({ source }) => source === 'live').at(-1)?.id)
  useEffect(() => {
    if (!isShown && other !== undefined) void send(`use ${other}`, { quiet: true })
  }, [isShown, other, send])
  return isShown
}

/** Live traffic: what starts a tap, or the panes around one. */
export function Live() {
  const isShown = useLiveRun()
  const [another, setAnother] = useState(false)
  if (!isShown) return <TapForm />
  if (another) return <TapForm cancel={() => setAnother(false)} />
  return (
    <div className="live-view">
      <TapBar startAnother={() => setAnother(true)} />
      <Workbench label="Live" />
    </div>
  )
}
