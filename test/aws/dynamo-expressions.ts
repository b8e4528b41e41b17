import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type Item = Record<string, AttributeValue>
export type Names = Record<string, string>

/** Condition, filter and key expressions: AND, OR, NOT, comparisons, BETWEEN, attribute_exists, begins_with. */
export function evaluate(expression: string, item: Item, names: Names = {}, values: Item = {}): boolean {
  const tokens = expression.match(/[#:]?\w+|<>|<=|>=|[=<>(),]/g) ?? []
  let next = 0
  const peek = (): string | undefined => tokens[next]
  const take = (): string => {
    const token = tokens[next++]
    if (token === undefined) throw new Error(`expression ends too early: ${expression}`)
    return token
  }
  const expect = (token: string): void => {
    if (take() !== token) throw new Error(`expected ${token} in ${expression}`)
  }
  const nameOf = (token: string): string => {
    if (!token.startsWith('#')) return token
    const name = names[token]
    if (name === undefined) throw new Error(`${token} is not named`)
    return name
  }
  const operand = (token: string): string | number | undefined => {
    const value = token.startsWith(':') ? values[token] : item[nameOf(token)]
    if (token.startsWith(':') && !value) throw new Error(`${token} has no value`)
    return value?.N === undefined ? (value?.S ?? value?.BOOL?.toString()) : Number(value.N)
  }
  function or(): boolean {
    let result = and()
    while (peek() === 'OR') {
      take()
      const right = and()
      result = result || right
    }
    return result
  }
  function and(): boolean {
    let result = not()
    while (peek() === 'AND') {
      take()
      const right = not()
      result = result && right
    }
    return result
  }
  function not(): boolean {
    if (peek() !== 'NOT') return term()
    take()
    return !not()
  }
  function term(): boolean {
    const token = take()
    if (token === '(') {
      const inside = or()
      expect(')')
      return inside
    }
    if (peek() === '(') return call(token)
    const left = operand(token)
    const operator = take()
    if (operator === 'BETWEEN') {
      const low = operand(take())
      expect('AND')
      const high = operand(take())
      // As AWS answers; an emulator, too.
      if (low! > high!) throw Object.assign(new Error('The BETWEEN operator requires upper bound to be greater than or equal to lower bound'), { name: 'ValidationException' }) // prettier-ignore
      return left !== undefined && left >= low! && left <= high!
    }
    return compare(left, operator, operand(take()))
  }
  function call(name: string): boolean {
    expect('(')
    const path = nameOf(take())
    if (name === 'begins_with') {
      expect(',')
      const prefix = String(operand(take()))
      expect(')')
      return item[path]?.S?.startsWith(prefix) ?? false
    }
    expect(')')
    if (name === 'attribute_exists') return item[path] !== undefined
    if (name === 'attribute_not_exists') return item[path] === undefined
    throw new Error(`no function ${name}`)
  }
  const result = or()
  if (next < tokens.length) throw new Error(`cannot read ${expression} beyond ${tokens[next]}`)
  return result
}

function compare(
  left: string | number | undefined,
  operator: string,
  right: string | number | undefined,
): boolean {
  if (left === undefined || right === undefined || typeof left !== typeof right) return operator === '<>'
  switch (operator) {
    case '=':
      return left === right
    case '<>':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      throw new Error(`no operator ${operator}`)
  }
}

/** Update expressions: `SET a = :v, #b = :w` and `REMOVE a, #b`. */
export function update(expression: string, item: Item, names: Names = {}, values: Item = {}): Item {
  const nameOf = (token: string): string => (token.startsWith('#') ? names[token]! : token)
  for (const clause of expression.split(/(?=\bSET\b|\bREMOVE\b)/)) {
    const [verb, rest] = [clause.trim().split(' ')[0], clause.trim().replace(/^\w+\s+/, '')]
    for (const part of rest.split(',').map((p) => p.trim())) {
      const [left, right] = part.split('=').map((p) => p.trim())
      if (verb === 'REMOVE') delete item[nameOf(left!)]
      else if (verb === 'SET' && values[right!]) item[nameOf(left!)] = values[right!]!
      else throw new Error(`cannot read ${clause}`)
    }
  }
  return item
}
