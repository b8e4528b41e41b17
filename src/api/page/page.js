/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-argument, typescript/no-unsafe-return */
// The plain page: live values, sparklines, alarms and health from the API and nothing else. No framework, no build.
const SHOWN_DEVICES = 60
const SPARK_MS = 10 * 60_000
const SPARK_POINTS = 240
const WIDTH = 240
const HEIGHT = 40

const $ = (id) => document.getElementById(id)
const clone = (id) => $(id).content.firstElementChild.cloneNode(true)
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 5, useGrouping: false })
const whole = new Intl.NumberFormat('en')

let session = null
const devices = new Map()
const types = new Map()
const cards = new Map()
const alarms = new Map()
const stale = new Set()
let received = 0
let lastAt = 0
let clockSkew = 0

class Refused extends Error {}

async function api(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    headers: { authorization: `Bearer ${session.token}`, ...options.headers },
    signal: session.abort.signal,
  })
  if (response.status === 401) throw new Refused('The token was not accepted.')
  if (!response.ok) throw new Error((await response.json().catch(() => null))?.detail ?? response.statusText)
  return options.stream ? response : response.json()
}

async function all(path) {
  const items = []
  for (let next = path; next !== null;) {
    const page = await api(next)
    items.push(...page.items)
    next = page.next
  }
  return items
}

// Sign in: from #token=…, which leaves the address bar at once, or from the form. It stays in this tab.
function start() {
  const fromAddress = new URLSearchParams(location.hash.slice(1)).get('token')
  if (fromAddress) {
    sessionStorage.setItem('token', fromAddress)
    history.replaceState(null, '', location.pathname + location.search)
  }
  const token = sessionStorage.getItem('token')
  if (token) void signIn(token)
  else showSignIn('')
}

async function signIn(token) {
  session = { token, abort: new AbortController() }
  try {
    await refresh()
    sessionStorage.setItem('token', token)
    $('sign-in').hidden = true
    $('signed-in').hidden = $('leave').hidden = false
    void watchHealth(session)
    void follow(session)
  } catch (error) {
    if (error instanceof Refused) showSignIn(error.message)
    else {
      showHealth('lost', 'no connection')
      await pause(3000)
      if (session?.token === token) void signIn(token)
    }
  }
}

function showSignIn(message) {
  session?.abort.abort()
  session = null
  sessionStorage.removeItem('token')
  $('sign-in').hidden = false
  $('signed-in').hidden = $('leave').hidden = true
  $('refused').textContent = message
  showHealth('', 'signed out')
  $('token').focus()
}

// The present: devices, their newest values, alarms. The stream then keeps it current.
async function refresh() {
  const [typeList, deviceList, latest] = await Promise.all([
    api('/v1/types'),
    all('/v1/devices?limit=1000'),
    api('/v1/latest'),
    refreshAlarms(),
  ])
  for (const type of typeList.items) types.set(type.name, type)
  devices.clear()
  for (const device of deviceList) devices.set(device.thing, device)
  for (const { thing, values } of latest.items) take(thing, values)
  layOut()
}

async function refreshAlarms() {
  const items = await all('/v1/alarms?state=active&limit=1000')
  alarms.clear()
  for (const alarm of items) alarms.set(alarm.id, alarm)
  drawAlarms()
}

async function watchHealth(mine) {
  while (session === mine) {
    try {
      const health = await api('/v1/health')
      clockSkew = health.now - Date.now()
      showHealth(health.status, health.status)
      $('conditions').replaceChildren(
        ...health.conditions.map(({ text }) =>
          Object.assign(document.createElement('li'), { textContent: text }),
        ),
      )
      $('conditions').hidden = health.conditions.length === 0
    } catch (error) {
      if (session === mine && error instanceof Refused) showSignIn(error.message)
    }
    await pause(5000)
  }
}

function showHealth(kind, text) {
  $('health').className = `pill ${kind}`
  $('health').textContent = text
}

// Server-sent events over fetch, because EventSource cannot send a token in a header.
async function follow(mine) {
  let lastId = ''
  while (session === mine) {
    try {
      const headers = lastId ? { 'last-event-id': lastId } : {}
      const { body } = await api('/v1/live', { headers, stream: true })
      const reader = body.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      for (;;) {
        const { value, done } = await reader.read()
        if (done) break
        const frames = (rest + value).split('\n\n')
        rest = frames.pop()
        for (const frame of frames) {
          const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s)))
          if (fields.id) lastId = fields.id
          if (fields.event) onEvent(fields.event, JSON.parse(fields.data))
        }
      }
    } catch (error) {
      if (session !== mine) return
      if (error instanceof Refused) return showSignIn(error.message)
      showHealth('lost', 'reconnecting')
    }
    await pause(3000)
    if (session === mine) await refresh().catch(() => {}) // also where there is no stream: then this polls
  }
}

function onEvent(kind, data) {
  if (kind === 'readings') {
    if (!devices.has(data.thing)) return
    take(data.thing, data.values)
  } else if (kind === 'alarm') soon(refreshAlarms)
  else if (kind === 'dropped' || (kind === 'hello' && !data.resumed)) soon(refresh)
}

// A burst of events asks once.
const due = new Set()
function soon(task) {
  if (due.has(task)) return
  due.add(task)
  setTimeout(() => {
    due.delete(task)
    if (session) void task().catch(() => {})
  }, 200)
}

// Values: one short history a series, drawn at most once a frame.
const histories = new Map()

function take(thing, values) {
  let series = histories.get(thing)
  if (!series) histories.set(thing, (series = new Map()))
  for (const { measure, at, value, trendPerMinute } of values) {
    if (value === null) continue
    let one = series.get(measure)
    if (!one) series.set(measure, (one = { points: [], trend: null }))
    const last = one.points.at(-1)
    if (last && last[0] >= at) continue
    one.points.push([at, value])
    one.trend = trendPerMinute
    while (one.points.length > SPARK_POINTS || one.points[0][0] < at - SPARK_MS) one.points.shift()
    received++
    if (at > lastAt) lastAt = at
  }
  if (cards.has(thing)) markStale(thing)
}

function markStale(thing) {
  if (stale.size === 0) requestAnimationFrame(drawStale)
  stale.add(thing)
}

function drawStale() {
  for (const thing of stale) if (cards.has(thing)) drawDevice(thing)
  stale.clear()
}

function layOut() {
  const wanted = $('filter').value.trim().toLowerCase()
  const matching = [...devices.values()].filter(({ thing, type, site }) =>
    [thing, type, site ?? ''].some((text) => text.toLowerCase().includes(wanted)),
  )
  const shown = new Set(matching.slice(0, SHOWN_DEVICES).map(({ thing }) => thing))
  for (const [thing, card] of cards)
    if (!shown.has(thing)) {
      card.element.remove()
      cards.delete(thing)
    }
  for (const thing of shown) {
    if (!cards.has(thing)) {
      const { type, site } = devices.get(thing)
      const element = clone('device-template')
      element.querySelector('h3').textContent = thing
      element.querySelector('.kind').textContent = [type, site].filter(Boolean).join(' · ')
      cards.set(thing, { element, rows: new Map() })
      void backfill(thing)
    }
    $('devices').append(cards.get(thing).element)
    drawDevice(thing)
  }
  $('device-count').textContent =
    matching.length > shown.size
      ? `${shown.size} of ${whole.format(matching.length)}`
      : whole.format(matching.length)
  $('no-devices').hidden = matching.length > 0
  shade()
}

// The ten minutes before now, once a card, so that a chart does not start empty.
async function backfill(thing) {
  const now = Date.now() + clockSkew
  const path = `/v1/devices/${encodeURIComponent(thing)}/readings?from=${Math.floor(now - SPARK_MS)}`
  const { items } = await api(path).catch(() => ({ items: [] }))
  const past = Map.groupBy(
    items.filter(({ value }) => value !== null),
    ({ measure }) => measure,
  )
  const series = histories.get(thing) ?? new Map()
  histories.set(thing, series)
  for (const [measure, readings] of past) {
    const one = series.get(measure) ?? { points: [], trend: null }
    const first = one.points[0]?.[0] ?? Infinity
    const before = readings.filter(({ at }) => at < first).map(({ at, value }) => [at, value])
    one.points = [...before, ...one.points].slice(-SPARK_POINTS)
    series.set(measure, one)
  }
  markStale(thing)
}

function drawDevice(thing) {
  const { element, rows } = cards.get(thing)
  const series = histories.get(thing) ?? new Map()
  let newest = 0
  for (const [measure, { points, trend }] of series) {
    if (points.length === 0) continue
    let row = rows.get(measure)
    if (!row) {
      const one = clone('series-template')
      one.querySelector('.measure').textContent = one.querySelector('.measure').title = measure
      row = {
        line: one.querySelector('.line'),
        area: one.querySelector('.area'),
        value: one.querySelector('b'),
        unit: one.querySelector('i'),
        text: one.querySelector('.value'),
      }
      rows.set(measure, row)
      element.querySelector('.series').append(one)
    }
    const [at, value] = points.at(-1)
    newest = Math.max(newest, at)
    const { line, area } = paths(points)
    row.line.setAttribute('d', line)
    row.area.setAttribute('d', area)
    row.value.textContent = number.format(value)
    row.unit.textContent = unitOf(thing, measure)
    row.text.title = trend === null ? '' : `${trend > 0 ? '+' : ''}${number.format(trend)} a minute`
  }
  element.querySelector('.seen').textContent =
    newest === 0 ? 'has not sent anything yet' : `at ${time(newest)}`
}

function unitOf(thing, measure) {
  const device = devices.get(thing)
  const bare = measure.split('@', 1)[0]
  const from = (measures) => (measures?.[measure] ?? measures?.[bare])?.unit
  const unit = from(device?.measures) ?? from(types.get(device?.type)?.measures) ?? ''
  return { Cel: '°C', '[degF]': '°F', '/min': '1/min' }[unit] ?? unit
}

function paths(points) {
  const start = points[0][0]
  const span = Math.max(1, points.at(-1)[0] - start)
  let low = Infinity
  let high = -Infinity
  for (const [, value] of points) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const y = (value) =>
    high === low ? HEIGHT / 2 : HEIGHT - 3 - ((value - low) / (high - low)) * (HEIGHT - 6)
  const steps = points.map(
    ([at, value]) => `${(((at - start) / span) * WIDTH).toFixed(1)} ${y(value).toFixed(1)}`,
  )
  const line = points.length === 1 ? `M0 ${HEIGHT / 2}H${WIDTH}` : `M${steps.join('L')}`
  return { line, area: `${line}V${HEIGHT}H0Z` }
}

// Alarms, the most urgent first.
const urgency = ['critical', 'major', 'minor', 'warning']

function drawAlarms() {
  const sorted = [...alarms.values()].sort(
    (a, b) => urgency.indexOf(a.severity) - urgency.indexOf(b.severity) || b.raisedAt - a.raisedAt,
  )
  $('alarm-count').textContent = String(sorted.length)
  $('no-alarms').hidden = sorted.length > 0
  const focused = document.activeElement?.dataset.alarm
  $('alarms').replaceChildren(...sorted.slice(0, 100).map(alarmItem))
  if (focused) document.querySelector(`[data-alarm="${CSS.escape(focused)}"]`)?.focus()
  shade()
}

function alarmItem(alarm) {
  const { id, severity, thing, why, raisedAt, state, acknowledgedBy, occurrences } = alarm
  const item = clone('alarm-template')
  item.dataset.severity = severity
  item.querySelector('.severity').textContent = severity
  item.querySelector('.why').textContent = `${thing}: ${why.text}`
  item.querySelector('.when').textContent = [
    `since ${time(raisedAt)}`,
    occurrences > 1 ? `${occurrences} times` : '',
    acknowledgedBy ? `acknowledged by ${acknowledgedBy}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
  const button = item.querySelector('button')
  button.dataset.alarm = id
  if (state === 'ackActive') {
    button.disabled = true
    button.textContent = 'Acknowledged'
  }
  button.setAttribute('aria-label', `Acknowledge ${thing}: ${why.text}`)
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await api(`/v1/alarms/${encodeURIComponent(id)}/acknowledge`, { method: 'POST' })
      await refreshAlarms()
    } catch (error) {
      button.disabled = false
      item.querySelector('.when').textContent = `could not be acknowledged: ${error.message}`
    }
  })
  return item
}

function shade() {
  const worst = new Map()
  for (const { thing, severity } of alarms.values())
    if (!worst.has(thing) || urgency.indexOf(severity) < urgency.indexOf(worst.get(thing)))
      worst.set(thing, severity)
  for (const [thing, { element }] of cards) element.dataset.severity = worst.get(thing) ?? ''
}

// Every second: how old the picture is, and how much comes in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const time = (at) => new Date(at).toLocaleTimeString('en-GB')
let before = { received: 0, at: performance.now() }

setInterval(() => {
  if (!session) return
  const now = performance.now()
  const rate = ((received - before.received) * 1000) / (now - before.at)
  before = { received, at: now }
  const age = lastAt === 0 ? null : Math.max(0, (Date.now() + clockSkew - lastAt) / 1000)
  $('updated').textContent =
    age === null
      ? 'no data yet'
      : `last update ${time(lastAt)} ${zone}${age > 10 ? `, ${Math.round(age)} s ago` : ''}`
  const active = [...devices.values()].filter(({ status }) => status === 'active').length
  const open = [...alarms.values()].filter(({ state }) => state === 'unackActive').length
  const figures = {
    'Active devices': whole.format(active),
    'Values a second': number.format(Math.round(rate * 10) / 10),
    'Active alarms': whole.format(alarms.size),
    'To acknowledge': whole.format(open),
  }
  $('figures').replaceChildren(
    ...Object.entries(figures).map(([name, value]) => {
      const box = document.createElement('div')
      box.append(
        Object.assign(document.createElement('dt'), { textContent: name }),
        Object.assign(document.createElement('dd'), { textContent: value }),
      )
      return box
    }),
  )
}, 1000)

$('sign-in').addEventListener('submit', (event) => {
  event.preventDefault()
  void signIn($('token').value.trim())
})
$('leave').addEventListener('click', () => {
  $('token').value = ''
  showSignIn('')
})
$('filter').addEventListener('input', layOut)
$('theme').addEventListener('click', () => {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  const now = document.documentElement.dataset.theme ?? (dark ? 'dark' : 'light')
  document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark'
  localStorage.setItem('theme', document.documentElement.dataset.theme)
})
const theme = localStorage.getItem('theme')
if (theme) document.documentElement.dataset.theme = theme
start()
