import { describe, expect, it } from 'vitest'
import { createMarket, priceText } from '../../../../renderer/pages/quotes/market.ts'

const quote = (price: number, missed = 0) => ({ type: 'quote', symbol: 'ACME', price, number: 1, missed }) as const

describe('what a viewer has heard of the quotes', () => {
  it('has the newest price of each symbol, how many came and how many were left out', () => {
    const market = createMarket()
    for (const each of [quote(10_000), quote(10_050, 3), quote(10_020, 2)]) market.take(each)
    expect(market.rows()[0]).toEqual({ symbol: 'ACME', price: 10_020, trend: 0, count: 3, missed: 5 })
    expect(market.rows()[1]).toEqual({ symbol: 'BOLT', price: null, trend: 0, count: 0, missed: 0 })
  })

  it('says where a price went since the last look', () => {
    const market = createMarket()
    const trends = [10_000, 10_050, 10_050, 9_999].map((price) => {
      market.take(quote(price))
      market.look(0)
      return market.rows()[0]?.trend
    })
    expect(trends).toEqual([0, 1, 0, -1])
  })

  it('counts what came since the last look, and keeps the course of 300', () => {
    const market = createMarket()
    market.take(quote(10_000))
    market.take(quote(10_100))
    market.look(1000)
    expect(market.fresh).toBe(2)
    for (let time = 2; time <= 400; time += 1) market.look(time * 1000)
    expect(market.fresh).toBe(0)
    const { times, prices } = market.course()
    expect([times.length, times[0], prices.ACME.length, prices.ACME[0]]).toEqual([300, 101, 300, 101])
  })

  it('has no price for a symbol that is not watched any more', () => {
    const market = createMarket()
    market.take(quote(10_000))
    market.forget('ACME')
    expect(market.rows()[0]).toMatchObject({ price: null, count: 1 })
  })

  it('shows cents', () => {
    expect([1, 10_250].map(priceText)).toEqual(['0.01', '102.50'])
  })
})
