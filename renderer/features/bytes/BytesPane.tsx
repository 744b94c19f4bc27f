import { Binary } from 'lucide-react'
import { memo, useMemo, useState } from 'react'
import { type Lane, laneName, lanes, senderOf } from '../../../shared/bytes/lanes.ts'
import type { Layer, UnitView } from '../../../shared/capture/view.ts'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import { deliveredOn } from '../../state/selection.ts'
import { useSelected } from '../../state/unit.ts'
import { type Range, rangeAround } from '../../state/window.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { formatSize } from '../../ui/format.ts'
import { Segmented } from '../../ui/Segmented.tsx'
import { BitStrip } from './BitStrip.tsx'
import { layerSheet, perRow, type Sheet, wireSheet } from './cells.ts'
import { FindBar } from './FindBar.tsx'
import { Hex } from './Hex.tsx'
import { JsonLayer } from './JsonLayer.tsx'
import { TextLayer } from './TextLayer.tsx'
import './bytes.css'

const windowSize = 16 * 1024
/** A layer, or the tree of the text that the unit is a part of, where that is JSON. */
type Shown = Layer['name'] | 'json'

const names: Readonly<Record<Shown, string>> = {
  wire: 'Wire',
  unmasked: 'Unmasked',
  inflated: 'Inflated',
  text: 'Text',
  json: 'JSON',
}

/** The bytes of a lane around what is visible. */
function useWire(lane: Lane) {
  const run = useWorld((world) => world.run?.id)
  const [range, setRange] = useState<Range>({ from: 0, count: windowSize })
  const asked = useAnswer('bytes', run === undefined ? null : { run, lane, ...range })
  const whenVisible = (from: number, to: number) =>
    setRange((held) => rangeAround(held, { from: from * perRow, to: to * perRow }, windowSize))
  const sheet = useMemo(() => asked.answer && wireSheet(asked.answer), [asked.answer])
  return { sheet, error: asked.error, retry: asked.retry, whenVisible }
}

const LaneSwitch = memo(function LaneSwitch({ lane }: { readonly lane: Lane }) {
  const session = useSession()
  const change = (next: Lane) => {
    const run = session.world.getState().run
    const delivered = run ? deliveredOn(run, next) : 0
    session.select({ lane: next, offset: Math.max(0, delivered - 1), span: null })
  }
  return (
    <div className={`lane-switch of-${senderOf(lane)}`}>
      <Segmented
        label="Lane"
        value={lane}
        options={lanes.map((value) => ({ value, label: laneName(value) }))}
        onChange={change}
      />
    </div>
  )
})

/** The layer of the selected unit that is shown. A unit without it shows the wire. */
function useLayer() {
  const { unit } = useSelected()
  const [name, setName] = useState<Shown>('wire')
  const layers = unit?.layers ?? []
  const hasText = layers.some((one) => one.name === 'text')
  const tabs: readonly Shown[] = [...layers.map((one) => one.name), ...(unit?.json ? (['json'] as const) : [])]
  const shown = tabs.includes(name) ? name : name === 'json' && hasText ? 'text' : 'wire'
  const layer = layers.find((one) => one.name === shown) ?? null
  return { unit, tabs, layer, shown, setName }
}

/** The byte at the caret: out of its unit, also while other bytes are scrolled to, else out of what is fetched. */
function valueAt(unit: UnitView, sheet: Sheet | null, offset: number): number | null {
  const wire = unit.layers.find(({ name }) => name === 'wire')
  const own = wire?.bytes[offset - wire.at]
  if (own !== undefined) return own
  return sheet?.lane === unit.lane ? (sheet.bytes[offset - sheet.from] ?? null) : null
}

/** The bytes of a lane, or of one layer of the selected unit, and the bits of one of them. */
export function BytesPane() {
  const session = useSession()
  const lane = useWorld((world) => world.selection?.lane ?? 'clientToServer')
  const finding = useWorld((world) => world.overlay === 'find')
  const wire = useWire(lane)
  const { unit, tabs, layer, shown, setName } = useLayer()
  const { focus } = useSelected()
  const value = unit && focus ? valueAt(unit, wire.sheet, focus.byte) : null
  const held = unit !== null && focus !== null && focus.byte >= unit.span.start + unit.delivered
  return (
    <section className="pane bytes" aria-label="Bytes">
      <div className="pane-head">
        <h2>Bytes</h2>
        <LaneSwitch lane={lane} />
        <span className="grow" />
        {tabs.length > 1 && (
          <Segmented
            label="Layer"
            value={shown}
            options={tabs.map((tab) => ({ value: tab, label: names[tab] }))}
            onChange={setName}
          />
        )}
      </div>
      {finding && <FindBar lane={lane} onClose={() => session.show({ overlay: null })} />}
      {wire.error && <Trouble says={wire.error} retry={wire.retry} />}
      <Sheets wire={wire} layer={shown === 'wire' ? null : layer} asJson={shown === 'json'} />
      <BitStrip value={value} held={held} />
    </section>
  )
}

function LimitNote({ unit: { layerLimit }, layer: { bytes } }: { readonly unit: UnitView; readonly layer: Layer }) {
  if (layerLimit === undefined || bytes.length < layerLimit) return null
  return <p className="layer-note">The first {formatSize(layerLimit)} of this layer are shown; it has more.</p>
}

interface SheetsProps {
  readonly wire: ReturnType<typeof useWire>
  readonly layer: Layer | null
  readonly asJson: boolean
}

function Sheets({ wire, layer, asJson }: SheetsProps) {
  const { unit } = useSelected()
  if (unit && asJson) return <JsonLayer unit={unit} />
  if (unit && layer?.name === 'text') {
    return (
      <>
        <LimitNote unit={unit} layer={layer} />
        <TextLayer unit={unit} layer={layer} />
      </>
    )
  }
  if (unit && layer?.why && layer.bytes.length === 0) {
    return (
      <div className="grow">
        <Empty title="Not inflated" icon={<Binary />}>
          <p>This payload is deflated, and {layer.why}.</p>
        </Empty>
      </div>
    )
  }
  if (unit && layer) {
    return (
      <>
        <LimitNote unit={unit} layer={layer} />
        <Hex sheet={layerSheet(unit, layer)} editable={false} />
      </>
    )
  }
  if (!wire.sheet) return <div className="grow" />
  if (wire.sheet.length > 0) return <Hex sheet={wire.sheet} editable onVisible={wire.whenVisible} />
  return (
    <div className="grow">
      <Empty title="No bytes on this lane yet" icon={<Binary />}>
        <p>The {senderOf(wire.sheet.lane)} has sent nothing as of here.</p>
      </Empty>
    </div>
  )
}
