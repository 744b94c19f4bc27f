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

/**
 * The cards; or the sample that runs, with its clients beside the bytes they send. The clients stay while another tab is
 * shown: a page that is taken out of the window is gone, and who steps in the lab has not left the room.
 */
export function SamplesTab({ isShown }: { readonly isShown: boolean }) {
  const sample = useWorld((world) => world.app?.sample)
  if (!sample) return isShown ? <Gallery /> : null
  return (
    <main className="sample" aria-label="Samples" hidden={!isShown}>
      <SampleBar sample={sample} />
      <Clients sample={sample} />
      <div className="sample-ladder">{isShown && <Ladder footer={null} />}</div>
    </main>
  )
}
