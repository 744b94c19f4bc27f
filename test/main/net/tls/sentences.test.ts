// What a person reads when a client turns our certificate down: its alert comes as one of OpenSSL's errors.
import { describe, expect, it } from 'vitest'
import { acceptProblem, isAlert } from '../../../../main/net/tls/sentences.ts'

const alert = (name: string, reason: string) =>
  Object.assign(new Error(`error:0A000418:SSL routines::${reason}`), { code: `ERR_SSL_${name}`, reason })

describe('a client that turns a certificate down', () => {
  it.each(['TLSV1_ALERT_UNKNOWN_CA', 'SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'SSLV3_ALERT_BAD_CERTIFICATE'])(
    'by %s is told of with what to do',
    (name) => {
      const error = alert(name, 'some alert')
      expect(isAlert(error)).toBe(true)
      expect(acceptProblem(error)).toContain('wirestep ca export FILE')
    },
  )

  it('for another reason is told of with that reason', () => {
    expect(acceptProblem(alert('NO_SUITABLE_SIGNATURE_ALGORITHM', 'no suitable signature algorithm'))).toBe(
      'The client and Wirestep did not agree on TLS: no suitable signature algorithm.',
    )
  })
})
