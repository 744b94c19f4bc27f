import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { useSession } from '../../state/context.ts'
import { laneName } from '../../state/selection.ts'
import { Button } from '../../ui/Button.tsx'
import { formatOffset } from '../../ui/format.ts'
import { Segmented } from '../../ui/Segmented.tsx'
import { type Direction, type FindKind, findOnLane, needleOf } from './find.ts'

/** Runs one search at a time on a lane; a new one, or leaving, ends the one before. */
function useFind(lane: Lane) {
  const session = useSession()
  const running = useRef(new AbortController())
  const [says, setSays] = useState('')
  useEffect(() => () => running.current.abort(), [])
  const find = async (typed: string, kind: FindKind, direction: Direction) => {
    running.current.abort()
    running.current = new AbortController()
    const { signal } = running.current
    const { run, selection } = session.world.getState()
    const needle = needleOf(typed, kind)
    if (!run || !needle.ok || typed === '') return setSays(needle.ok ? '' : needle.error)
    setSays('Searching…')
    const read = (on: Lane, from: number, count: number) =>
      session.bridge.request('bytes', { run: run.id, lane: on, from, count })
    const size = await read(lane, 0, 1)
    if (!size.ok) return setSays(size.error)
    const at = selection?.lane === lane ? (selection.span?.start ?? selection.offset) : -1
    const from = direction === 'forwards' ? at + 1 : Math.max(0, at)
    const found = await findOnLane({ read, lane, needle: needle.value, signal }, from, size.value.length, direction)
    if (signal.aborted) return
    if (!found.ok) return setSays(found.error)
    if (!found.value) return setSays(`Not on the lane ${laneName(lane)}.`)
    setSays(`At ${formatOffset(found.value.start)}`)
    session.select({ lane, offset: found.value.start, span: found.value })
  }
  return { find, says }
}

/** What had the focus gets it back when the bar closes. */
function useFocusBack() {
  const [before] = useState(() => document.activeElement)
  const bar = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const box = bar.current
    return () => {
      if (box?.contains(document.activeElement) && before instanceof HTMLElement) before.focus()
    }
  }, [before])
  return bar
}

/** Searches the bytes of the lane as they are on the wire. */
export function FindBar({ lane, onClose }: { readonly lane: Lane; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [kind, setKind] = useState<FindKind>('text')
  const { find, says } = useFind(lane)
  const bar = useFocusBack()
  const whenPressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter') void find(typed, kind, event.shiftKey ? 'backwards' : 'forwards')
  }
  return (
    <search ref={bar} className="find-bar">
      <input
        className="input"
        aria-label="Find on the lane"
        placeholder={kind === 'text' ? 'Text, as it is on the wire' : 'Bytes in hex, such as 8f 18'}
        value={typed}
        // biome-ignore lint/a11y/noAutofocus: the bar was opened to be typed into
        autoFocus
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={whenPressed}
      />
      <Segmented
        label="What is typed"
        value={kind}
        options={[
          { value: 'text', label: 'Text' },
          { value: 'hex', label: 'Hex' },
        ]}
        onChange={setKind}
      />
      <Button
        look="small icon"
        aria-label="Previous match"
        icon={<ArrowUp />}
        onClick={() => void find(typed, kind, 'backwards')}
      />
      <Button
        look="small icon"
        aria-label="Next match"
        icon={<ArrowDown />}
        onClick={() => void find(typed, kind, 'forwards')}
      />
      <output>{says}</output>
      <Button look="small icon" aria-label="Close find" icon={<X />} onClick={onClose} />
    </search>
  )
}
