import { FileUp } from 'lucide-react'
import { useSession, useWorld } from '../state/context.ts'
import { exportingSays } from '../state/exporting.ts'
import { ProgressLine } from '../ui/ProgressLine.tsx'

/** How far the export of the run that is shown is, and the way to give it up. */
export function ExportingBar() {
  const { send } = useSession()
  const exporting = useWorld((world) => world.run?.exporting)
  if (!exporting) return null
  const { done, of } = exporting
  return (
    <div className="banner opening">
      <FileUp aria-hidden="true" />
      <ProgressLine
        says={exportingSays(exporting)}
        label="Exporting"
        value={done}
        max={of}
        onCancel={() => void send('cancel')}
      />
    </div>
  )
}
