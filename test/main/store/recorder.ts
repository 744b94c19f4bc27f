// Run by a test in a process of its own: records a note a turn until it is killed, and says when 200 are 200 ms behind it.
import { createFileStore } from '../../../main/store/fileStore.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { topologyOf } from '../../shared/capture/topology.ts'

const store = createFileStore(process.argv[2]!, {
  onTrouble(sentence) {
    throw new Error(sentence)
  },
})
if (!store.ok) throw new Error(store.error)
const capture = createCapture(store.value)
capture.append({ kind: 'open', time: 0, connection: 1, topology: topologyOf(1), dialect: 'rfc6455' })

let number = 0
function recordOne(): void {
  capture.append({ kind: 'note', time: number, connection: 1, text: `note ${number}` })
  number += 1
  // The record that opens the connection came first: so many records there are without this note.
  if (number === 200) setTimeout(() => process.send!(200), 200)
  setImmediate(recordOne)
}
recordOne()
