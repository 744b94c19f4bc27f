import type { Topology } from '../../../shared/capture/record.ts'

/** The four sockets of a relayed connection; ports differ by connection as they would. */
export function topologyOf(connection: number, host = '127.0.0.1'): Topology {
  const at = (port: number) => ({ host, port: port + connection })
  return {
    client: at(40000),
    gateForClient: { host, port: 4502 },
    gateForServer: at(50000),
    server: { host, port: 9000 },
  }
}
