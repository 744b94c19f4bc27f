import { Command } from 'cmdk'
import { perform } from '../state/actions.ts'
import { useSession } from '../state/context.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { keyCap } from './keys.ts'
import { type PaletteEntry, paletteGroups } from './palette.ts'
import './palette.css'

const groups = paletteGroups()

function Entry({ entry, pick }: { readonly entry: PaletteEntry; readonly pick: (entry: PaletteEntry) => void }) {
  return (
    <Command.Item value={entry.name} keywords={[entry.title, entry.help]} onSelect={() => pick(entry)}>
      <span>
        {entry.title}
        {entry.more ? '…' : ''}
      </span>
      <small>{entry.help}</small>
      <span className="grow" />
      {entry.key && <kbd>{keyCap(entry.key)}</kbd>}
      <code>{entry.name}</code>
    </Command.Item>
  )
}

/** Every command by name. Those that need more words are finished in the console. */
export function Palette() {
  const session = useSession()
  const close = () => session.show({ overlay: null })
  const pick = ({ name }: PaletteEntry) => {
    close()
    perform(session, name)
  }
  return (
    <Dialog title="Find a command" bare onClose={close}>
      <Command label="Find a command" className="palette" loop>
        <Command.Input placeholder="Type what you want to do" />
        <Command.List>
          <Command.Empty>No command has that in its name. Try fewer letters.</Command.Empty>
          {groups.map(({ group, entries }) => (
            <Command.Group key={group} heading={group}>
              {entries.map((entry) => (
                <Entry key={entry.name} entry={entry} pick={pick} />
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  )
}
