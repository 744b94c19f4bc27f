import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Lane, laneName } from '../../../shared/bytes/lanes.ts'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { formatOffset } from '../../ui/format.ts'
import { Segmented } from '../../ui/Segmented.tsx'
import { type Direction, type FindKind, findOnLane, matchesSay, needleOf, searchingSays } from './find.ts'

/** Runs one search at a time on a lane; a new one, another lane or run, or leaving, ends the one before. */
function useFind(lane: Lane) {
  const session = useSession()
  const running = useRef(new AbortController())
  const [says, setSays] = useState('')
  const shown = useWorld((world) => world.run?.id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said is about the lane that was shown then
  useEffect(
    () => () => {
      running.current.abort()
      setSays('')
    },
    [shown, lane],
  )
  const find = async (typed: string, kind: FindKind, direction: Direction) => {
    running.current.abort()
    running.current = new AbortController()
    const { signal } = running.current
    const { run, selection } = session.world.getState()
    const needle = needleOf(typed, kind)
    if (!run || !needle.ok || typed === '') return setSays(needle.ok ? '' : needle.error)
    setSays(searchingSays(0, 1))
    const read = (on: Lane, from: number, count: number) =>
      session.bridge.request('bytes', { run: run.id, lane: on, from, count })
    const size = await read(lane, 0, 1)
    if (signal.aborted) return
    if (!size.ok) return setSays(size.error)
    const { length } = size.value
    let searched = 0
    const onSearched = (bytes: number) => {
      searched += bytes
      if (!signal.aborted) setSays(searchingSays(searched, length))
    }
    const at = selection?.lane === lane ? (selection.span?.start ?? selection.offset) : -1
    const from = direction === 'forwards' ? at + 1 : Math.max(0, at)
    const search = { read, lane, needle: needle.value, signal, onSearched }
    const found = await findOnLane(search, from, length, direction)
    if (signal.aborted) return
    if (!found.ok) return setSays(found.error)
    if (!found.value) return setSays(`Not on the lane ${laneName(lane)}.`)
    setSays(`At ${formatOffset(found.value.start)}`)
    session.select({ lane, offset: found.value.start, span: found.value })
  }
  return { find, says }
}

/** Which match of an expression is shown, and what there is to say of all of them. */
function useMatches(expression: string | null) {
  const session = useSession()
  const run = useWorld((world) => world.run?.id)
  const [place, setPlace] = useState(0)
  // A match is gone to because somebody asked for it, not because the run went on.
  const [due, setDue] = useState(false)
  const payload = run === undefined || expression === null ? null : { run, expression, place }
  const { answer, payload: answered } = useAnswer('find', payload)
  const isCurrent = answered?.expression === expression && answered.place === place
  useEffect(() => {
    if (!due || !isCurrent || !answer?.row) return
    const { lane, span } = answer.row
    const shown = answer.hits[0] ?? span
    setDue(false)
    session.select({ lane, offset: shown.start, span: shown })
  }, [session, due, isCurrent, answer])
  const go = (to: number) => {
    const total = answer?.total ?? 0
    setPlace(total === 0 ? 0 : (to + total) % total)
    setDue(true)
  }
  return {
    says: expression === null || !answer ? '' : matchesSay(answer, place),
    begin: () => go(0),
    move: (direction: Direction) => go(place + (direction === 'forwards' ? 1 : -1)),
  }
}

/** The box has the focus whenever the bar is asked for, with what is in it ready to be typed over. */
function useFocusWhenAsked() {
  const asked = useWorld((world) => world.findAsked)
  const box = useRef<HTMLInputElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is asked for
  useLayoutEffect(() => {
    box.current?.focus()
    box.current?.select()
  }, [asked])
  return box
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

const kinds = [
  { value: 'units', label: 'Units' },
  { value: 'text', label: 'Text' },
  { value: 'hex', label: 'Hex' },
] as const

const hints = {
  units: 'Units that match, such as opcode text and "hello"',
  text: 'Text, as it is on the wire',
  hex: 'Bytes in hex, such as 8f 18',
} as const

/** Searches the bytes of the lane as they are on the wire, or the units of the connection with an expression. */
export function FindBar({ lane, onClose }: { readonly lane: Lane; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [kind, setKind] = useState<FindKind | 'units'>('text')
  const [asked, setAsked] = useState<string | null>(null)
  const lanes = useFind(lane)
  const units = useMatches(kind === 'units' ? asked : null)
  const bar = useFocusBack()
  const box = useFocusWhenAsked()
  const find = (direction: Direction) => {
    if (kind !== 'units') return void lanes.find(typed, kind, direction)
    const expression = typed.trim() === '' ? null : typed.trim()
    setAsked(expression)
    if (expression === asked) units.move(direction)
    else units.begin()
  }
  const whenPressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter') find(event.shiftKey ? 'backwards' : 'forwards')
  }
  return (
    <search ref={bar} className="find-bar">
      <input
        ref={box}
        className="input"
        aria-label="Find on the lane"
        placeholder={hints[kind]}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={whenPressed}
      />
      <Segmented label="What is typed" value={kind} options={kinds} onChange={setKind} />
      <Button look="small icon" aria-label="Previous match" icon={<ArrowUp />} onClick={() => find('backwards')} />
      <Button look="small icon" aria-label="Next match" icon={<ArrowDown />} onClick={() => find('forwards')} />
      <output>{kind === 'units' ? units.says : lanes.says}</output>
      <Button look="small icon" aria-label="Close find" icon={<X />} onClick={onClose} />
    </search>
  )
}
