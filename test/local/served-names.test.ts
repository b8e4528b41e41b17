import { describe, expect, it } from 'vitest'
import { publicHost, servedNames } from '../../local/served-names.ts'

const machine = { hostname: 'edge-7', addresses: ['192.0.2.2', 'fd00::2'] }

describe('servedNames', () => {
  it('are those by which others reach the machine, where they can', () => {
    expect(servedNames('0.0.0.0', [], machine)).toEqual(['edge-7', '192.0.2.2', 'fd00::2'])
    expect(servedNames('::', ['box.example', 'edge-7'], machine)).toEqual(['box.example', 'edge-7', '192.0.2.2', 'fd00::2']) // prettier-ignore
    expect(servedNames('192.0.2.2', [], machine)).toEqual(['192.0.2.2'])
    for (const loopback of ['127.0.0.1', 'localhost', '::1']) expect(servedNames(loopback, [], machine)).toEqual([]) // prettier-ignore
  })

  it('are not asked of the machine where only loopback, or one address, is listened on', () => {
    const forbidden = {
      get hostname(): string {
        throw new Error('a sandbox forbids it')
      },
      addresses: [],
    }
    expect(servedNames('127.0.0.1', ['box.example'], forbidden)).toEqual(['box.example'])
    expect(servedNames('192.0.2.2', [], forbidden)).toEqual(['192.0.2.2'])
  })

  it('know nothing of loopback and link-local addresses of this machine', () => {
    for (const name of servedNames('0.0.0.0', []))
      expect(name).not.toMatch(/^(?:127\.|169\.254\.|fe80)|^::1$/)
  })
})

describe('publicHost', () => {
  it('is the first name that was given, else the machine’s, else where it listens', () => {
    expect(publicHost('0.0.0.0', ['box.example', 'b'])).toBe('box.example')
    expect(publicHost('192.0.2.2', [])).toBe('192.0.2.2')
    expect(publicHost('127.0.0.1', [])).toBe('127.0.0.1')
    expect(publicHost('0.0.0.0', [])).not.toBe('0.0.0.0')
  })
})
