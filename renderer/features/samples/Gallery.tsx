import { Play } from 'lucide-react'
import { useSession } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { type Sample, samples } from './samples.ts'
import './samples.css'

function Card({ sample }: { readonly sample: Sample }) {
  const session = useSession()
  const { id, title, says, watch, start } = sample
  return (
    <li className="card" data-testid={`sample-${id}`}>
      <h3>{title}</h3>
      <p>{says}</p>
      <h4>What to watch</h4>
      <ul>
        {watch.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Button look="primary" icon={<Play />} aria-label={`Start ${title}`} onClick={() => start(session)}>
        Start
      </Button>
    </li>
  )
}

/** Everything there is to try, as cards. */
export function Gallery() {
  return (
    <main className="gallery" aria-label="Samples">
      <header>
        <h2>Samples</h2>
        <p>Each starts with one click, and can be started again from the beginning at any time.</p>
      </header>
      <ul className="cards">
        {samples.map((sample) => (
          <Card key={sample.id} sample={sample} />
        ))}
      </ul>
    </main>
  )
}
