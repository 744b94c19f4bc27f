import { Fragment } from 'react'
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
  ['Tab', 'In the console: completes the word'],
]

/** What every key does. */
export function KeyHelp() {
  const { show } = useSession()
  return (
    <Dialog title="Keys" onClose={() => show({ overlay: null })}>
      <dl className="key-list">
        {commands.map(({ title, key = '', help }) => (
          <Fragment key={title}>
            <dt>
              <kbd>{keyCap(key)}</kbd>
            </dt>
            <dd>
              {title}
              <small>{help}</small>
            </dd>
          </Fragment>
        ))}
        <h3>In a pane</h3>
        {inPanes.map(([key, does]) => (
          <Fragment key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  )
}
