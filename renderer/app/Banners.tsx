import { Info, Lightbulb, TriangleAlert, Unplug, X } from 'lucide-react'
import { useSession, useWorld } from '../state/context.ts'
import { Button } from '../ui/Button.tsx'
import { isUntouched } from './banners.ts'

function Refusal() {
  const { show } = useSession()
  const refusal = useWorld((world) => world.refusal)
  if (!refusal) return null
  return (
    <div className="banner bad" role="alert">
      <TriangleAlert aria-hidden="true" />
      <span className="grow">{refusal}</span>
      <Button look="small icon" aria-label="Dismiss" icon={<X />} onClick={() => show({ refusal: null })} />
    </div>
  )
}

/** What the person has to know before anything else. */
export function Banners() {
  const link = useWorld((world) => world.link)
  const run = useWorld((world) => world.run)
  return (
    <div className="banners">
      {link === 'lost' && (
        <div className="banner bad" role="alert">
          <Unplug aria-hidden="true" />
          The connection to the Wirestep process is lost. It is being tried again; what you see is from before.
        </div>
      )}
      <Refusal />
      {run?.warnings.map((warning) => (
        <div className="banner" role="status" key={warning}>
          <TriangleAlert aria-hidden="true" />
          {warning}
        </div>
      ))}
      {run?.stoppedBy && (
        <div className="banner tip" role="status">
          <Info aria-hidden="true" />
          Stopped by {run.stoppedBy}.
        </div>
      )}
      {run && isUntouched(run) && (
        <div className="banner tip" role="status">
          <Lightbulb aria-hidden="true" />
          Press F10 to let the first unit through.
        </div>
      )}
    </div>
  )
}
