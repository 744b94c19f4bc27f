import { ExportDialog } from '../features/export/ExportDialog.tsx'
import { RewriteDialog } from '../features/ladder/RewriteDialog.tsx'
import { PasteDialog } from '../features/paste/PasteDialog.tsx'
import { ReplayDialog } from '../features/replay/ReplayDialog.tsx'
import { KeyLogDialog } from '../features/sessions/KeyLogDialog.tsx'
import { PathDialog } from '../features/sessions/PathDialog.tsx'
import { useSession, useWorld } from '../state/context.ts'
import { KeyHelp } from './KeyHelp.tsx'
import { Palette } from './Palette.tsx'

/** The dialog that is open, if one is. Find is part of the bytes pane. */
export function Overlays() {
  const { show } = useSession()
  const overlay = useWorld((world) => world.overlay)
  switch (overlay) {
    case 'palette':
      return <Palette />
    case 'keys':
      return <KeyHelp />
    case 'open':
    case 'save':
      return <PathDialog purpose={overlay} />
    case 'keylog':
      return <KeyLogDialog />
    case 'rewrite':
      return <RewriteDialog onClose={() => show({ overlay: null })} />
    case 'replay':
      return <ReplayDialog />
    case 'paste':
      return <PasteDialog />
    case 'export':
      return <ExportDialog />
    case 'find':
    case null:
      return null
  }
}
