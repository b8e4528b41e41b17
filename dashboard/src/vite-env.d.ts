declare module '*.css'
declare module '*?worker&url' {
  const url: string
  export default url
}
declare module '*.json?url' {
  const url: string
  export default url
}
declare module 'topojson-client' {
  import type { FeatureCollection } from 'geojson'
  export function feature(topology: unknown, object: unknown): FeatureCollection
}
interface ImportMeta {
  glob<T>(pattern: string, options: { import: string }): Record<string, () => Promise<T>>
}
