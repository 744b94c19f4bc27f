import { commandNamed, commandsOn } from '../../shared/commands/registry.ts'
import { useSession } from '../state/context.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { keyCap } from './keys.ts'

const commands = commandsOn('window')
  .map(commandNamed)
  .filter(({ key }) => key !== undefined)

const inPanes: readonly (readonly [key: string, does: string])[] = [
  ['↑ ↓', 'In ladder and lists: the row before or after'],
  ['← → ↑ ↓', 'In the bytes: the byte beside, above or below'],
  ['Home End', 'The first or last row, unit or byte'],
  ['0–9 a–f', 'In the bytes, on a held byte: overwrites it'],
  ['Tab', 'In the console: completes the word; on an empty line, goes on to the next control'],
  ['⇧Tab', 'In the console: goes back to the control before'],
]

function Entry({ keys, title, help }: { readonly keys: string; readonly title: string; readonly help?: string }) {
  return (
    <div>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>
        {title}
        {help && <small>{help}</small>}
      </dd>
    </div>
  )
}

/** What every key does. */
export function KeyHelp() {
  const { show } = useSession()
  return (
    <Dialog title="Keys" onClose={() => show({ overlay: null })}>
      <dl className="key-list">
        {commands.map(({ title, key = '', help }) => (
          <Entry key={title} keys={keyCap(key)} title={title} help={help} />
        ))}
      </dl>
      <h3 className="key-list-head">In a pane</h3>
      <dl className="key-list">
        {inPanes.map(([keys, does]) => (
          <Entry key={keys} keys={keys} title={does} />
        ))}
      </dl>
    </Dialog>
  )
}
