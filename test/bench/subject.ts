// What the benchmarks measure of ours. It is bundled as the product is before it is measured: run module by module
// under the test runner, every call between modules would cost more than in what ships.

export { openRecording } from '../../main/lab/recording.ts'
export { connectEndpoint } from '../../main/net/client.ts'
export { recordGate } from '../../main/net/recorder.ts'
export { startRelay } from '../../main/net/relay.ts'
export { echo } from '../../main/services/echo.ts'
export { hostService } from '../../main/services/hostService.ts'
export { createFileStore } from '../../main/store/fileStore.ts'
export { createCapture } from '../../shared/capture/capture.ts'
export { dialectById, dialects } from '../../shared/dialects/registry.ts'
export { laneScannerAfter } from '../../shared/endpoint/laneScanner.ts'
export { defaultLimits } from '../../shared/endpoint/limits.ts'
export { createReceiver, feed } from '../../shared/endpoint/receiver.ts'
