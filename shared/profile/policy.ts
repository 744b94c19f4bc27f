// The socket policy exchange of Silverlight: before a socket of its own connects anywhere, the runtime asks the host for
// leave, on TCP port 943, with 22 octets of ASCII and nothing behind them. The answer is an XML document that says whose
// applications may connect to which ports; the server closes behind it. MSDN, Network Security Access Restrictions in
// Silverlight, and SocketClientAccessPolicyProtocol Enumeration.
import { decodeLatin1, encodeLatin1 } from '../bytes/ascii.ts'
import { firstPort, lastPort } from './prototype2010.ts'

/** Where Silverlight asks. */
export const policyPort = 943

export const policyRequest = '<policy-file-request/>'

export const policyCite = 'MSDN, Network Security Access Restrictions in Silverlight'

/** Bytes of an answer that are read. */
export const longestPolicy = 65_536

export interface PortRange {
  readonly from: number
  readonly to: number
}

export const prototypePorts: PortRange = { from: firstPort, to: lastPort }

/** A policy that lets applications from anywhere connect to the ports. */
export function policyAnswer({ from, to }: PortRange): Uint8Array {
  const ports = from === to ? `${from}` : `${from}-${to}`
  return encodeLatin1(
    [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<access-policy>',
      '  <cross-domain-access>',
      '    <policy>',
      '      <allow-from>',
      '        <domain uri="*"/>',
      '      </allow-from>',
      '      <grant-to>',
      `        <socket-resource port="${ports}" protocol="tcp"/>`,
      '      </grant-to>',
      '    </policy>',
      '  </cross-domain-access>',
      '</access-policy>',
      '',
    ].join('\r\n'),
  )
}

/** What a policy server makes of the bytes so far: `wrong` as soon as they can be no request. */
export function readPolicyRequest(bytes: Uint8Array): 'more' | 'asked' | 'wrong' {
  const text = decodeLatin1(bytes)
  if (text === policyRequest) return 'asked'
  return policyRequest.startsWith(text) ? 'more' : 'wrong'
}

/** Whether a whole answer is a policy at all. */
export function isPolicy(answer: Uint8Array): boolean {
  return /<access-policy>.*<\/access-policy>/s.test(decodeLatin1(answer))
}

/** What the runtime decides about a port, from the whole answer; null: it may connect, else why not. */
export function policyRefusal(answer: Uint8Array, port: number): string | null {
  const text = decodeLatin1(answer)
  if (text === '') return 'No policy came: without one, no socket may connect.'
  if (!isPolicy(answer)) return 'The answer is no access policy: no socket may connect.'
  if (!/<domain uri="\*"\s*\/>/.test(text)) return 'The policy does not let applications from anywhere connect.'
  const granted = [...text.matchAll(/<socket-resource port="(\d+)(?:-(\d+))?" protocol="tcp"\s*\/>/g)]
  const isGranted = granted.some(([, from, to = from]) => port >= Number(from) && port <= Number(to))
  if (!isGranted) return `The policy grants no port ${port}.`
  if (port < firstPort || port > lastPort) {
    return `Port ${port} is outside ${firstPort} to ${lastPort}: Silverlight connects to no other, whatever the policy grants.`
  }
  return null
}

/** What the runtime says to the application, from what `policyRefusal` answered. */
export function policyVerdict(refusal: string | null, port: number): string {
  return refusal ?? `Port ${port} may be connected to.`
}
