import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCount, parseDuration, parseGrowth, parseRate, parseSize } from '../../generators/design/quantities.ts'

describe('quantities', () => {
  test.each([
    ['950', 950],
    ['0', 0],
    ['40k', 40_000],
    ['1.5M', 1_500_000],
    ['2B', 2_000_000_000],
    ['1.1M', 1_100_000],
    [' 12 ', 12],
    ['1.5', null],
    ['-5', null],
    ['1e6', null],
    ['1_000', null],
    ['40K', null],
    ['40m', null],
    ['many', null],
    ['', null],
    ['0x10', null],
    ['Infinity', null],
  ])('count %s', (text, value) => expect(parseCount(text)).toBe(value))

  test.each([
    ['120/s', 120],
    ['30/min', 0.5],
    ['7200/h', 2],
    ['86400/day', 1],
    ['1.5k/s', 1500],
    ['30 / min', 0.5],
    ['5', null],
    ['5/month', null],
    ['/s', null],
    ['-1/s', null],
  ])('rate %s', (text, value) => expect(parseRate(text)).toBe(value))

  test.each([
    ['7/week', 1],
    ['5/day', 5],
    ['304375/month', 10_000],
    ['36525/year', 100],
    ['5/s', null],
  ])('growth %s', (text, value) => expect(parseGrowth(text)).toBe(value))

  test.each([
    ['30 days', 30],
    ['1 day', 1],
    ['2 weeks', 14],
    ['12 hours', 0.5],
    ['24 months', 730.5],
    ['5 years', 1826.25],
    ['0 days', null],
    ['1.5 years', null],
    ['30days', null],
    ['soon', null],
  ])('duration %s', (text, days) => expect(parseDuration(text)?.days ?? null).toBe(days))

  test.each([
    ['200MB', 200_000_000],
    ['10MiB', 10 * 1024 * 1024],
    ['1.5kB', 1500],
    ['5 GB', 5e9],
    ['0B', null],
    ['200', null],
    ['200mb', null],
  ])('size %s', (text, value) => expect(parseSize(text)).toBe(value))

  test('a count is the number that is written, with the zeros of its unit', () => {
    const units = { k: 3, M: 6, B: 9 } as const
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(999), fc.constantFrom('k', 'M', 'B'), (whole, fraction, unit) => {
        const digits = String(fraction).padStart(3, '0')
        expect(parseCount(`${whole}.${digits}${unit}`)).toBe(Number(`${whole}${digits}${'0'.repeat(units[unit] - 3)}`))
      }),
    )
  })

  test('nothing written is ever negative, infinite or not a number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parseCount, parseRate, parseGrowth, parseSize, (written: string) => parseDuration(written)?.days ?? null]) {
          const value = parse(text)
          expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true)
        }
      }),
    )
  })
})
