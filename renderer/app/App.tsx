import { LoaderCircle, Unplug } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { perform } from '../state/actions.ts'
import { useSession, useWorld } from '../state/context.ts'
import type { Session, Tab } from '../state/session.ts'
import { Banners, Notices } from './Banners.tsx'
import { useFocusRing } from './focusRing.ts'
import { Header } from './Header.tsx'
import { listenForCommands } from './keys.ts'
import { Live } from './Live.tsx'
import { Overlays } from './Overlays.tsx'
import { Toolbar } from './Toolbar.tsx'
import { useThemeOnPage } from './theme.ts'
import { Workbench } from './Workbench.tsx'
import { useWindowTitle } from './windowTitle.ts'
import '../ui/ui.css'

// Read when they are first looked at: the window opens on the lab.
const CompareTab = lazy(async () => ({ default: (await import('./CompareTab.tsx')).CompareTab }))
const SamplesTab = lazy(async () => ({ default: (await import('./SamplesTab.tsx')).SamplesTab }))
const Sessions = lazy(async () => ({ default: (await import('../features/sessions/Sessions.tsx')).Sessions }))

function useKeys(session: Session) {
  useEffect(
    () =>
      listenForCommands((name) => {
        if (session.world.getState().app === null) return false
        perform(session, name)
        return true
      }),
    [session],
  )
}

/** What is shown until the host has answered for the first time. */
function Starting() {
  const link = useWorld((world) => world.link)
  const refusal = useWorld((world) => world.refusal)
  const trouble = link === 'lost' || refusal !== null
  return (
    <div className="starting" role={trouble ? 'alert' : 'status'}>
      {trouble ? <Unplug /> : <LoaderCircle />}
      {trouble ? (refusal ?? 'The Wirestep process cannot be reached. It is being tried again.') : 'Starting…'}
    </div>
  )
}

/** What screen readers hear of steps and commands. */
function Announcer() {
  const announced = useWorld((world) => world.announced)
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="announced">
      {announced}
    </div>
  )
}

function Body({ tab }: { readonly tab: Tab }) {
  switch (tab) {
    case 'lab':
      return <Workbench label="Lab" />
    case 'live':
      return <Live />
    case 'compare':
      return <CompareTab />
    case 'samples':
      return null
    case 'sessions':
      return <Sessions />
  }
}

export function App() {
  const session = useSession()
  const ready = useWorld((world) => world.app !== null)
  const tab = useWorld((world) => world.tab)
  const hasToolbar = useWorld(({ run }) => tab === 'lab' || (tab === 'live' && run?.source === 'live'))
  // Its clients stay while another tab is shown.
  const hasSamples = useWorld(({ app }) => tab === 'samples' || app?.sample != null)
  useThemeOnPage()
  useKeys(session)
  useFocusRing()
  useWindowTitle()
  if (!ready) return <Starting />
  return (
    <div className="app">
      <Header />
      {hasToolbar && <Toolbar />}
      <Banners />
      <Suspense>
        <Body tab={tab} />
      </Suspense>
      {hasSamples && (
        <Suspense>
          <SamplesTab isShown={tab === 'samples'} />
        </Suspense>
      )}
      <Notices />
      <Overlays />
      <Announcer />
    </div>
  )
}
