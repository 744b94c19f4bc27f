import { ChevronDown, Pause, Play } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type KeyboardEvent, memo, type PointerEvent, useRef } from 'react'
import type { TimelineMark } from '../../../shared/capture/view.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { formatDuration } from '../../ui/format.ts'
import {
  cursorForKey,
  cursorNear,
  gotoLine,
  markKind,
  markTitle,
  speedLabel,
  speeds,
  speedWord,
  stepLabel,
} from './timeline.ts'
import './timeline.css'

function SpeedMenu({ speed }: { readonly speed: number }) {
  const { send } = useSession()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="pill speed" aria-label={`Set the speed: ${speedLabel(speed)}`}>
        {speedLabel(speed)}
        <ChevronDown size={14} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu speed-menu" align="end" sideOffset={6}>
          {speeds.map((one) => (
            <DropdownMenu.Item key={one} className="menu-item" onSelect={() => void send(`speed ${speedWord(one)}`)}>
              {speedLabel(one)}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** Pixels around a mark that still mean the mark. */
const markReach = 4

/** Dragging sends one move at a time, always the newest; where it ends is what the console shows. */
function useScrub(run: RunView, marks: readonly TimelineMark[]) {
  const { send } = useSession()
  const state = useRef({ busy: false, wanted: null as string | null })
  const move = async (line: string) => {
    state.current.wanted = line
    if (state.current.busy) return
    state.current.busy = true
    while (state.current.wanted !== null) {
      const next = state.current.wanted
      state.current.wanted = null
      await send(next, { quiet: true })
    }
    state.current.busy = false
  }
  const lineAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return gotoLine(cursorNear((event.clientX - box.left) / box.width, marks, run.end, markReach / box.width))
  }
  return { move, lineAt }
}

const Mark = memo(function Mark({ mark, start }: { readonly mark: TimelineMark; readonly start: number }) {
  return (
    <i
      className={`mark ${markKind(mark)} tone-${mark.tone}`}
      style={{ left: `${mark.at * 100}%` }}
      title={markTitle(mark, start)}
    />
  )
})

function Track({ run }: { readonly run: RunView }) {
  const { send } = useSession()
  const marks = useAnswer('timeline', { run: run.id }).answer?.marks ?? []
  const { move, lineAt } = useScrub(run, marks)
  const place = `${run.at * 100}%`
  const whenPressed = (event: KeyboardEvent) => {
    const target = cursorForKey(event.key, run.at, marks, run.end)
    if (!target) return
    event.preventDefault()
    void send(gotoLine(target))
  }
  return (
    <div
      className="track"
      role="slider"
      tabIndex={0}
      aria-label="Place in the record"
      aria-valuemin={0}
      aria-valuemax={run.end.record}
      aria-valuenow={run.cursor.record}
      aria-valuetext={`${stepLabel(run)}, ${formatDuration(run.elapsed)}`}
      onKeyDown={whenPressed}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        void move(lineAt(event))
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) void move(lineAt(event))
      }}
      onPointerUp={(event) => void send(lineAt(event))}
    >
      <i className="rail" />
      <i className="rail passed" style={{ width: place }} />
      {marks.map((mark) => (
        <Mark
          key={`${mark.cursor.record}:${mark.cursor.bytes}:${mark.tone}:${mark.label}`}
          mark={mark}
          start={run.startTime}
        />
      ))}
      <b
        className={run.stoppedBy ? 'stopped' : ''}
        style={{ left: place }}
        title={run.stoppedBy ? `Stopped by ${run.stoppedBy}` : stepLabel(run)}
      />
    </div>
  )
}

function PlayButton({ run }: { readonly run: RunView }) {
  const { send } = useSession()
  const running = run.activity === 'running'
  return (
    <Button
      look="small icon"
      aria-label={running ? 'Pause playing' : 'Play'}
      title={running ? 'Pause playing' : 'Play the record from here, as time went'}
      icon={running ? <Pause /> : <Play />}
      disabled={!running && run.atEnd}
      onClick={() => void send(running ? 'pause' : 'play')}
    />
  )
}

/** Where the cursor is in the record, and the way to move it. */
export function Timeline() {
  const run = useWorld((world) => world.run)
  if (!run) return null
  return (
    <section className="timeline" aria-label="Timeline" data-testid="timeline">
      <PlayButton run={run} />
      <code className="elapsed">{formatDuration(run.elapsed)}</code>
      <Track run={run} />
      <span className="steps">{stepLabel(run)}</span>
      <SpeedMenu speed={run.speed} />
    </section>
  )
}
