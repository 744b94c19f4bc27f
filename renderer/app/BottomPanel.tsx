import { Tabs } from 'radix-ui'
import { lazy, type ReactNode, Suspense } from 'react'
import { Breakpoints } from '../features/breakpoints/Breakpoints.tsx'
import { Faults } from '../features/faults/Faults.tsx'
import { Connections } from '../features/live/Connections.tsx'
import { Messages } from '../features/messages/Messages.tsx'
import { Segments } from '../features/segments/Segments.tsx'
import { States } from '../features/states/States.tsx'
import { useSession, useWorld } from '../state/context.ts'
import type { BottomTab } from '../state/session.ts'

// The terminal is the largest part of the window; the first picture does not wait for it.
const Console = lazy(() => import('../features/console/Console.tsx').then(({ Console }) => ({ default: Console })))

interface Choice {
  readonly value: BottomTab
  readonly label: string
  readonly body: ReactNode
  /** Kept in the page while another tab is shown. */
  readonly stays?: true
}

const choices: readonly Choice[] = [
  { value: 'console', label: 'Console', body: <Console />, stays: true },
  { value: 'connections', label: 'Connections', body: <Connections /> },
  { value: 'messages', label: 'Messages', body: <Messages /> },
  { value: 'states', label: 'States', body: <States /> },
  { value: 'faults', label: 'Faults', body: <Faults /> },
  { value: 'breakpoints', label: 'Breakpoints', body: <Breakpoints /> },
  { value: 'segments', label: 'Segments', body: <Segments /> },
]

function Count({ of }: { readonly of: BottomTab }) {
  const count = useWorld(({ run }) => {
    if (of === 'faults') return run?.faultCount
    if (of === 'connections') return run && run.connectionCount > 1 ? run.connectionCount : 0
    return of === 'breakpoints' ? run?.breakpoints.length : 0
  })
  return count ? <sup data-of={of}>{count.toLocaleString('en')}</sup> : null
}

/** The console and the lists under the panes. */
export function BottomPanel() {
  const { show } = useSession()
  const tab = useWorld((world) => world.bottom)
  return (
    <Tabs.Root asChild value={tab} onValueChange={(next) => show({ bottom: next as BottomTab })}>
      <div className="pane">
        <Tabs.List className="tabs bottom-tabs" aria-label="Lower panel">
          {choices.map(({ value, label }) => (
            <Tabs.Trigger key={value} value={value}>
              {label}
              <Count of={value} />
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <div className="bottom-body">
          {choices.map(({ value, body, stays }) => (
            <Tabs.Content
              key={value}
              value={value}
              tabIndex={-1}
              hidden={tab !== value}
              {...(stays && { forceMount: true })}
            >
              <Suspense>{body}</Suspense>
            </Tabs.Content>
          ))}
        </div>
      </div>
    </Tabs.Root>
  )
}
