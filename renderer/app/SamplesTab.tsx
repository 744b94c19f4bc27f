import type { SampleView } from '../../shared/ipc/contract.ts'
import { Ladder } from '../features/ladder/Ladder.tsx'
import { Chat } from '../features/samples/Chat.tsx'
import { Gallery } from '../features/samples/Gallery.tsx'
import { Quotes } from '../features/samples/Quotes.tsx'
import { SampleBar } from '../features/samples/SampleBar.tsx'
import { useWorld } from '../state/context.ts'

function Clients({ sample }: { readonly sample: SampleView }) {
  switch (sample.name) {
    case 'chat':
      return <Chat key={sample.run} sample={sample} />
    case 'quotes':
      return <Quotes key={sample.run} sample={sample} />
  }
}

/** The cards; or the sample that runs, with its clients beside the bytes they send. */
export function SamplesTab() {
  const sample = useWorld((world) => world.app?.sample)
  if (!sample) return <Gallery />
  return (
    <main className="sample" aria-label="Samples">
      <SampleBar sample={sample} />
      <Clients sample={sample} />
      <div className="sample-ladder">
        <Ladder footer={null} />
      </div>
    </main>
  )
}
