import { describe, expect, it } from 'vitest'
import { encodeAddress, isIpv6, tapUrl } from '../../../shared/capture/addresses.ts'
import { hex } from './logs.ts'

describe('a host as the bytes of an IP header', () => {
  it.each([
    ['127.0.0.1', '7f000001'],
    ['255.255.255.255', 'ffffffff'],
  ])('%s is its four bytes', (host, bytes) => {
    expect(isIpv6(host)).toBe(false)
    expect(encodeAddress(host, false)).toEqual(hex(bytes))
  })

  it.each([
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::ff00:42:8329', '20010db8000000000000ff0000428329'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['FE80::1%eth0', 'fe800000000000000000000000000001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ])('%s is its sixteen bytes', (host, bytes) => {
    expect(isIpv6(host)).toBe(true)
    expect(encodeAddress(host, true)).toEqual(hex(bytes))
  })

  it('an IPv4 host among IPv6 ones is mapped', () => {
    expect(encodeAddress('127.0.0.1', true)).toEqual(hex('00000000000000000000ffff7f000001'))
  })

  it.each(['localhost', 'a.example', '256.0.0.1', '1:2', '1::2::3', '1:2:3:4:5:6:7:8:9', ':1:2', ''])(
    '%s is no address and gets one of those kept for examples, always the same',
    (host) => {
      expect(isIpv6(host)).toBe(false)
      const bytes = encodeAddress(host, false)
      expect([...bytes.slice(0, 3)]).toEqual([192, 0, 2])
      expect(encodeAddress(host, false)).toEqual(bytes)
    },
  )
})

it.each([
  ['ws://127.0.0.1:4502/room?a=1', 'ws://127.0.0.1:4503/room?a=1'],
  ['wss://example.com', 'ws://127.0.0.1:4503/'],
  ['ws://example.com?a=1', 'ws://127.0.0.1:4503/?a=1'],
  ['tcp:943', '127.0.0.1:4503'],
  ['', 'ws://127.0.0.1:4503/'],
])('a tap for %s is asked at %s: the path is passed on as it is', (upstream, url) => {
  expect(tapUrl({ host: '127.0.0.1', port: 4503 }, upstream)).toBe(url)
})
