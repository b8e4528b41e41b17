import type { Map as MapLibre } from 'maplibre-gl'
import { colour } from '../data/theme.ts'
import { clustersOf, type Cluster } from './clusters.ts'
import { glide, takeAim, type Glider } from './glide.ts'
import { mercatorX, mercatorY } from './mercator.ts'
import { SPRITE_PX, vehicleSprites } from './vehicle-sprites.ts'
import type { Vehicle } from './vehicles.ts'

export interface VehicleOverlay {
  show(vehicles: readonly Vehicle[]): void
  select(thing: string | null): void
  close(): void
}

const NAMES_ZOOM = 15
const REACH_PX = 14

/**
 * Vehicles on a canvas above the map, gliding from position to position. The map itself rests meanwhile, so that a frame
 * costs a few copies of small pictures, however the browser draws; and nothing while none has moved by half a pixel.
 */
export function vehicleOverlay(
  map: MapLibre,
  told: { onVehicle: (thing: string) => void; onCluster: (members: readonly Glider[]) => void },
): VehicleOverlay {
  const holder = map.getCanvasContainer()
  const canvas = holder.appendChild(document.createElement('canvas'))
  canvas.className = 'vehicles'
  const tip = map.getContainer().appendChild(document.createElement('div'))
  tip.className = 'tip'
  tip.hidden = true
  const ctx = canvas.getContext('2d')
  const gliders = new Map<string, Glider>()
  let sprites = vehicleSprites(devicePixelRatio)
  let clusters: Cluster[] = []
  let clusteredAt = Number.NaN
  let selected: string | null = null
  let frame = 0
  let drawnAt = 0
  /** What was drawn where, for the pointer. */
  let marks: { x: number; y: number; r: number; members: readonly Glider[] }[] = []

  function resize(): void {
    const { clientWidth: width, clientHeight: height } = map.getContainer()
    canvas.width = width * devicePixelRatio
    canvas.height = height * devicePixelRatio
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    sprites = vehicleSprites(devicePixelRatio)
    draw()
  }

  function group(): void {
    clusteredAt = Math.floor(map.getZoom())
    clusters = clustersOf(gliders.values(), clusteredAt)
  }

  function draw(): void {
    if (!ctx) return
    const zoom = map.getZoom()
    if (Math.floor(zoom) !== clusteredAt) group()
    const { lng, lat } = map.getCenter()
    const scale = 512 * 2 ** zoom
    const [width, height] = [canvas.width / devicePixelRatio, canvas.height / devicePixelRatio]
    const [left, top] = [mercatorX(lng) * scale - width / 2, mercatorY(lat) * scale - height / 2]
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    ctx.clearRect(0, 0, width, height)
    ctx.font = '600 12px system-ui, sans-serif'
    ctx.textBaseline = 'middle'
    marks = []
    let shown = 0
    for (const cluster of clusters) {
      const [first] = cluster.members
      if (!first) continue
      let [x, y] = [first.x, first.y]
      if (cluster.members.length > 1) [x, y] = middleOf(cluster.members)
      x = x * scale - left
      y = y * scale - top
      if (x < -40 || y < -40 || x > width + 40 || y > height + 40) continue
      shown += cluster.members.length
      if (cluster.members.length > 1) drawCluster(ctx, cluster, x, y)
      else drawVehicle(ctx, first, x, y, zoom)
    }
    canvas.dataset['shown'] = String(shown)
    canvas.dataset['marks'] = String(marks.length)
  }

  function drawVehicle(ctx: CanvasRenderingContext2D, one: Glider, x: number, y: number, zoom: number): void {
    const chosen = one.thing === selected
    if (chosen) {
      ctx.strokeStyle = colour('accent')
      ctx.lineWidth = 2.5
      ctx.beginPath()
      ctx.arc(x, y, 14, 0, 2 * Math.PI)
      ctx.stroke()
    }
    const course = one.tone === 'standing' || one.tone === 'silent' ? null : one.course
    ctx.drawImage(sprites(one.tone, course), x - SPRITE_PX / 2, y - SPRITE_PX / 2, SPRITE_PX, SPRITE_PX)
    if (chosen || zoom >= NAMES_ZOOM) {
      ctx.textAlign = 'left'
      ctx.lineWidth = 3
      ctx.strokeStyle = colour('land')
      ctx.strokeText(one.thing, x + 13, y)
      ctx.fillStyle = colour('text')
      ctx.fillText(one.thing, x + 13, y)
    }
    marks.push({ x, y, r: REACH_PX, members: [one] })
  }

  function drawCluster(
    ctx: CanvasRenderingContext2D,
    { members, alarm }: Cluster,
    x: number,
    y: number,
  ): void {
    const r = Math.min(28, 12 + 2.2 * Math.log2(members.length))
    ctx.beginPath()
    ctx.arc(x, y, r, 0, 2 * Math.PI)
    ctx.fillStyle = colour('raised')
    ctx.fill()
    ctx.lineWidth = alarm ? 3 : 2
    ctx.strokeStyle = colour(alarm ?? 'strong-line')
    ctx.stroke()
    ctx.fillStyle = colour('text')
    ctx.textAlign = 'center'
    ctx.fillText(String(members.length), x, y + 0.5)
    if (members.some(({ thing }) => thing === selected)) {
      ctx.strokeStyle = colour('accent')
      ctx.lineWidth = 2.5
      ctx.beginPath()
      ctx.arc(x, y, r + 4, 0, 2 * Math.PI)
      ctx.stroke()
    }
    marks.push({ x, y, r, members })
  }

  function step(at: number): void {
    frame = 0
    const fastest = glide(gliders.values(), at)
    // Nothing has moved by half a pixel yet: the picture would be the same.
    if (fastest === 0 || (at - drawnAt) * fastest * 512 * 2 ** map.getZoom() >= 0.5) {
      drawnAt = at
      draw()
    }
    if (fastest > 0 && !document.hidden) frame = requestAnimationFrame(step)
  }

  /** The topmost mark under the pointer. */
  const at = (x: number, y: number) => marks.findLast((mark) => Math.hypot(mark.x - x, mark.y - y) <= mark.r)

  map.on('click', ({ point }) => {
    const mark = at(point.x, point.y)
    if (!mark) return
    const [one] = mark.members
    if (mark.members.length > 1) told.onCluster(mark.members)
    else if (one) told.onVehicle(one.thing)
  })
  map.on('mousemove', ({ point }) => {
    const mark = at(point.x, point.y)
    map.getCanvas().style.cursor = mark ? 'pointer' : ''
    tip.hidden = !mark
    if (!mark) return
    const names = mark.members.slice(0, 6).map(({ thing }) => thing)
    const more = mark.members.length - names.length
    tip.textContent = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    tip.style.transform = `translate(${point.x + 14}px, ${point.y + 14}px)`
  })
  map.on('mouseout', () => (tip.hidden = true))
  map.on('resize', resize)
  map.on('move', draw)
  resize()

  return {
    show(vehicles) {
      takeAim(gliders, vehicles, performance.now())
      group()
      drawnAt = 0
      if (frame === 0) frame = requestAnimationFrame(step)
    },
    select(thing) {
      selected = thing
      draw()
    },
    close() {
      cancelAnimationFrame(frame)
      canvas.remove()
      tip.remove()
    },
  }
}

function middleOf(members: readonly Glider[]): [x: number, y: number] {
  let [x, y] = [0, 0]
  for (const one of members) {
    x += one.x
    y += one.y
  }
  return [x / members.length, y / members.length]
}
