/** The part of an OpenStreetMap extract that routing needs. Node k is at lat[k], lon[k]; ways refer to OSM ids. */
export interface OsmData {
  nodeIds: number[]
  lat: number[]
  lon: number[]
  /** Tags of the nodes that have any, by index into nodeIds. */
  nodeTags: Map<number, Tags>
  ways: { id: number; refs: number[]; tags: Tags }[]
  restrictions: { fromWay: number; viaNode: number; toWay: number; tags: Tags }[]
}

export type Tags = ReadonlyMap<string, string>

/** Takes OSM XML (api 0.6) in pieces of any length, cut anywhere, and gives the data at the end. */
export interface OsmXmlParser {
  push(piece: string): void
  end(): OsmData
}

export interface OsmXmlOptions {
  /** Ways beside roads and ferries that somebody has a use for. */
  alsoKeep?: (tags: Tags) => boolean
}

/** Threat: a file that is no XML would otherwise be kept in memory whole, waiting for one tag's end. */
const MAX_TAG_LENGTH = 1 << 20

/**
 * A tokenizer for the flat XML of OSM: elements and attributes, no text content. Only ways with a `highway` or a
 * `route=ferry` tag and relations of type restriction are kept. One pass, no backtracking, no DOM.
 */
export function osmXmlParser(options: OsmXmlOptions = {}): OsmXmlParser {
  const data: OsmData = { nodeIds: [], lat: [], lon: [], nodeTags: new Map(), ways: [], restrictions: [] }
  let rest = ''
  let open: Element | null = null

  const close = (): void => {
    if (open) keep(data, open, options)
    open = null
  }

  const element = (body: string): void => {
    if (body.charCodeAt(0) === SLASH) {
      if (kinds.has(body.slice(1).trimEnd())) close()
      return
    }
    const empty = body.endsWith('/')
    const nameEnd = body.search(/[\s/]/)
    const name = nameEnd < 0 ? body : body.slice(0, nameEnd)
    if (kinds.has(name)) {
      close()
      open = { kind: name, attributes: attributes(body), tags: new Map(), refs: [], members: [] }
      if (empty) close()
    } else if (open) child(open, name, body)
  }

  return {
    push(piece) {
      const text = rest + piece
      let from = 0
      for (;;) {
        const start = text.indexOf('<', from)
        if (start < 0) {
          rest = ''
          return
        }
        const comment = text.startsWith('<!--', start)
        const end = comment ? text.indexOf('-->', start + 4) : endOfTag(text, start)
        // A piece may end within "<!--", which would then look like an unfinished tag: wait in both cases.
        if (end < 0) {
          rest = text.slice(start)
          if (rest.length > MAX_TAG_LENGTH) throw new Error('not OpenStreetMap XML: a tag without an end')
          return
        }
        const first = text.charCodeAt(start + 1)
        if (!comment && first !== QUESTION && first !== BANG) element(text.slice(start + 1, end))
        from = comment ? end + 3 : end + 1
      }
    },
    end() {
      close()
      if (rest !== '') throw new Error('OpenStreetMap XML ends within a tag; the file is cut off')
      return data
    },
  }
}

const SLASH = 47
const QUESTION = 63
const BANG = 33
const kinds = new Set(['node', 'way', 'relation'])

interface Element {
  kind: string
  attributes: Map<string, string>
  tags: Map<string, string>
  refs: number[]
  members: Map<string, string>[]
}

/** A '>' within quotes ends nothing. */
function endOfTag(text: string, start: number): number {
  let from = start
  for (;;) {
    const end = text.indexOf('>', from)
    if (end < 0) return -1
    let quotes = 0
    for (let i = text.indexOf('"', start); i >= 0 && i < end; i = text.indexOf('"', i + 1)) quotes += 1
    if (quotes % 2 === 0) return end
    from = end + 1
  }
}

function attributes(body: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, double, single] of body.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    found.set(name!, unescape(double ?? single ?? ''))
  return found
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescape = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (all, code: string) => {
        if (code[0] !== '#') return entities[code] ?? all
        const point = Number(code[1]?.toLowerCase() === 'x' ? `0${code.slice(1)}` : code.slice(1))
        return point <= 0x10ffff ? String.fromCodePoint(point) : all
      })
    : text

function child(open: Element, name: string, body: string): void {
  const a = attributes(body)
  if (name === 'tag') open.tags.set(a.get('k') ?? '', a.get('v') ?? '')
  else if (name === 'nd') open.refs.push(Number(a.get('ref')))
  else if (name === 'member') open.members.push(a)
}

function keep(
  data: OsmData,
  { kind, attributes, tags, refs, members }: Element,
  { alsoKeep }: OsmXmlOptions,
): void {
  const id = Number(attributes.get('id'))
  if (kind === 'node') {
    const [lat, lon] = [Number(attributes.get('lat')), Number(attributes.get('lon'))]
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return
    if (tags.size > 0) data.nodeTags.set(data.nodeIds.length, tags)
    data.nodeIds.push(id)
    data.lat.push(lat)
    data.lon.push(lon)
  } else if (kind === 'way') {
    if (refs.length > 1 && (tags.has('highway') || tags.get('route') === 'ferry' || alsoKeep?.(tags)))
      data.ways.push({ id, refs, tags })
  } else if (tags.get('type')?.startsWith('restriction')) {
    const member = (role: string, type: string): number =>
      Number(members.find((m) => m.get('role') === role && m.get('type') === type)?.get('ref') ?? NaN)
    const found = {
      fromWay: member('from', 'way'),
      viaNode: member('via', 'node'),
      toWay: member('to', 'way'),
      tags,
    }
    // A restriction via a way needs the memory of two turns; it is left out.
    if (Object.values(found).every((v) => typeof v !== 'number' || !Number.isNaN(v)))
      data.restrictions.push(found)
  }
}
