import { FileQuestion, Info, TriangleAlert, Unplug, X } from 'lucide-react'
import { useSession, useWorld } from '../state/context.ts'
import { Button } from '../ui/Button.tsx'
import { ExportingBar } from './ExportingBar.tsx'
import { OpeningBar } from './OpeningBar.tsx'

/** Names the dialect of a connection that does not tell it. */
function ReadAs() {
  const { send } = useSession()
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  const run = useWorld((world) => world.run)
  if (!run?.canBeNamed) return null
  return (
    <div className="banner plain">
      <FileQuestion aria-hidden="true" />
      <label>
        Connection {run.connection} is read as{' '}
        <select className="input" value={run.dialect} onChange={({ target }) => void send(`read as ${target.value}`)}>
          {dialects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** What stays true of the run: over the panes, for as long as it is. */
export function Banners() {
  const warnings = useWorld((world) => world.run?.warnings) ?? []
  const notes = useWorld((world) => world.run?.notes) ?? []
  return (
    <div className="banners">
      <OpeningBar />
      <ExportingBar />
      {warnings.map((warning) => (
        <div className="banner" role="status" key={warning}>
          <TriangleAlert aria-hidden="true" />
          {warning}
        </div>
      ))}
      {notes.map((note) => (
        <div className="banner plain" role="status" key={note}>
          <Info aria-hidden="true" />
          {note}
        </div>
      ))}
      <ReadAs />
    </div>
  )
}

/** What just went wrong: floats over the panes, so that nothing jumps. */
export function Notices() {
  const { show } = useSession()
  const lost = useWorld((world) => world.link === 'lost')
  const refusal = useWorld((world) => world.refusal)
  return (
    <div className="notices" role="alert">
      {lost && (
        <div className="notice">
          <Unplug aria-hidden="true" />
          The connection to the Wirestep process is lost. It is being tried again; what you see is from before.
        </div>
      )}
      {refusal && !lost && (
        <div className="notice">
          <TriangleAlert aria-hidden="true" />
          <span className="grow">{refusal}</span>
          <Button look="small icon" aria-label="Dismiss" icon={<X />} onClick={() => show({ refusal: null })} />
        </div>
      )}
    </div>
  )
}
