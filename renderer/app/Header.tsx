import { ChevronDown, Moon, Search, Sun } from 'lucide-react'
import { DropdownMenu, Tabs } from 'radix-ui'
import { useState } from 'react'
import { commandNamed } from '../../shared/commands/registry.ts'
import type { IntermediaryKind } from '../../shared/intermediaries/intermediary.ts'
import type { DialectView } from '../../shared/ipc/contract.ts'
import { perform } from '../state/actions.ts'
import { useSession, useWorld } from '../state/context.ts'
import type { Tab } from '../state/session.ts'
import { useTheme } from '../state/theme.ts'
import { Button, KeyCap } from '../ui/Button.tsx'
import { keyCap } from './keys.ts'
import { ProfileSwitch } from './ProfileSwitch.tsx'
import { ViaPicker } from './ViaPicker.tsx'
import './header.css'

const tabs: readonly { readonly value: Tab; readonly label: string }[] = [
  { value: 'lab', label: 'Lab' },
  { value: 'live', label: 'Live' },
  { value: 'compare', label: 'Compare' },
  { value: 'samples', label: 'Samples' },
  { value: 'sessions', label: 'Sessions' },
]

const month = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' })

function Brand() {
  return (
    <h1 className="brand">
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path d="M3 17h5V7h6v10h7" />
        <circle cx="14" cy="7" r="2.6" />
      </svg>
      Wirestep
    </h1>
  )
}

interface DialectItemProps {
  readonly dialect: DialectView
  readonly via: readonly IntermediaryKind[]
}

function DialectItem({ dialect, via }: DialectItemProps) {
  const session = useSession()
  const start = () => {
    session.show({ tab: 'lab' })
    void session.send(`lab ${dialect.id}${via.length > 0 ? ` --via ${via.join(',')}` : ''}`)
  }
  return (
    <DropdownMenu.Item className="menu-item dialect-item" onSelect={start}>
      <span>
        <strong>{dialect.name}</strong>
        <em>{month.format(new Date(dialect.date))}</em>
      </span>
      <small>{dialect.says}</small>
    </DropdownMenu.Item>
  )
}

/** `draft-montenegro-00 · Dec 2010`: the document, unless it is what the dialect is called. */
function pickerNote({ name, document, date }: DialectView): string {
  const short = document.replace(/-hybi.*?-(\d\d)$/, '-$1')
  return [short === name ? '' : short, month.format(new Date(date))].filter(Boolean).join(' · ')
}

/** Shows the dialect of the run; picking one starts a new lab run. */
function DialectPicker() {
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  const id = useWorld((world) => world.run?.dialect)
  const isPolicy = useWorld(({ run }) => run?.connections.find((one) => one.id === run.connection)?.policy === true)
  const shown = dialects.find((dialect) => dialect.id === id)
  const [via, setVia] = useState<readonly IntermediaryKind[]>([])
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="pill" title="Pick a dialect for a new lab run">
        <span className="visually-hidden">Dialect: </span>
        {isPolicy ? 'Socket policy ' : shown ? `${shown.name} ` : 'New lab run'}
        {isPolicy ? <em>no WebSocket</em> : shown && <em>{pickerNote(shown)}</em>}
        <ChevronDown size={16} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu dialect-menu" sideOffset={6}>
          <ViaPicker via={via} onChange={setVia} />
          <DropdownMenu.Label className="menu-label">New lab run with</DropdownMenu.Label>
          {dialects.map((dialect) => (
            <DialectItem key={dialect.id} dialect={dialect} via={via} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function ThemeButton() {
  const session = useSession()
  const theme = useTheme()
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <Button
      look="icon"
      aria-label="Theme"
      title={`Switch to the ${other} theme`}
      icon={theme === 'dark' ? <Sun /> : <Moon />}
      onClick={() => void session.send(`theme ${other}`)}
    />
  )
}

/** Brand, tabs, the dialect, the way to every command, and the theme. */
export function Header() {
  const session = useSession()
  const tab = useWorld((world) => world.tab)
  const { title, key = '' } = commandNamed('palette')
  return (
    <header className="header">
      <Brand />
      <Tabs.Root value={tab} onValueChange={(next) => session.show({ tab: next as Tab })}>
        <Tabs.List className="tabs" aria-label="Main">
          {tabs.map(({ value, label }) => (
            <Tabs.Trigger key={value} value={value} aria-controls={undefined}>
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </Tabs.Root>
      <span className="grow" />
      <DialectPicker />
      <ProfileSwitch />
      <span className="grow" />
      <button type="button" className="pill search" aria-label={title} onClick={() => perform(session, 'palette')}>
        <Search size={16} aria-hidden="true" />
        {title}
        <span className="grow" />
        <KeyCap keys={keyCap(key)} />
      </button>
      <ThemeButton />
    </header>
  )
}
